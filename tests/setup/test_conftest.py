from django.db import connection


def test_tests_speak_as_the_web_does(world):
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_user, session_user")
        assert cursor.fetchone() == ("kittiwake_app", "kittiwake_app")
