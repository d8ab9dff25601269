from django.apps import AppConfig

from kittiwake.kernel.pathway import REGISTER


class FlagsConfig(AppConfig):
    name = "kittiwake.pathways.flags"
    label = "flags"

    def ready(self) -> None:
        from kittiwake.pathways.flags.pathway import FLAGS

        REGISTER.add(FLAGS)
