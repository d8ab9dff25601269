from django.apps import AppConfig

from kittiwake.kernel.pathway import REGISTER


class MovesConfig(AppConfig):
    name = "kittiwake.pathways.moves"
    label = "moves"

    def ready(self) -> None:
        from kittiwake.pathways.moves.pathway import MOVES

        REGISTER.add(MOVES)
