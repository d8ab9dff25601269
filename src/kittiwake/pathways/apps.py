from django.apps import AppConfig

from kittiwake.kernel.pathway import REGISTER


class PathwaysConfig(AppConfig):
    name = "kittiwake.pathways"
    label = "pathways"

    def ready(self) -> None:
        from kittiwake.pathways.obligations import OBLIGATIONS

        for kind, obliges in OBLIGATIONS:
            REGISTER.oblige(kind, obliges)
