from django.apps import AppConfig

from kittiwake.kernel.pathway import REGISTER


class MissingConfig(AppConfig):
    name = "kittiwake.pathways.missing"
    label = "missing"

    def ready(self) -> None:
        from kittiwake.pathways.missing.pathway import MISSING

        REGISTER.add(MISSING)
