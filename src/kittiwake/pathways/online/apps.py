from django.apps import AppConfig

from kittiwake.kernel.pathway import REGISTER


class OnlineConfig(AppConfig):
    name = "kittiwake.pathways.online"
    label = "online"

    def ready(self) -> None:
        from kittiwake.pathways.online.pathway import ONLINE

        REGISTER.add(ONLINE)
