from django.apps import AppConfig


class AgenciesConfig(AppConfig):
    name = "kittiwake.agencies"
    label = "agencies"
