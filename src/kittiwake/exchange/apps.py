from django.apps import AppConfig


class ExchangeConfig(AppConfig):
    name = "kittiwake.exchange"
    label = "exchange"
