from django.apps import AppConfig


class PeopleConfig(AppConfig):
    name = "kittiwake.people"
    label = "people"
