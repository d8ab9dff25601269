from django.apps import AppConfig


class PathwaysConfig(AppConfig):
    name = "kittiwake.pathways"
    label = "pathways"

    def ready(self) -> None:
        from kittiwake.pathways.obligations import oblige_all

        oblige_all()
