from django.apps import AppConfig

from kittiwake.kernel.pathway import REGISTER


class PlanningConfig(AppConfig):
    name = "kittiwake.pathways.planning"
    label = "planning"

    def ready(self) -> None:
        from kittiwake.pathways.planning.pathway import PLANNING

        REGISTER.add(PLANNING)
