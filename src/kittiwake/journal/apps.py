from django.apps import AppConfig

from kittiwake.kernel.pathway import REGISTER


class JournalConfig(AppConfig):
    name = "kittiwake.journal"
    label = "journal"

    def ready(self) -> None:
        from kittiwake.journal import entries, filed, linking_entries

        for cls in (*entries.KINDS, *filed.KINDS, *linking_entries.KINDS):
            REGISTER.add_kind(cls)
