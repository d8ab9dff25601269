from django.apps import AppConfig

from kittiwake.kernel.pathway import REGISTER


class ContactConfig(AppConfig):
    name = "kittiwake.pathways.contact"
    label = "contact"

    def ready(self) -> None:
        from kittiwake.pathways.contact.pathway import CONTACT

        REGISTER.add(CONTACT)
