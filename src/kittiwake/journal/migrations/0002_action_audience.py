from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('journal', '0001_initial'),
    ]

    operations = [
        migrations.AddField(
            model_name='action',
            name='audience',
            field=models.CharField(db_default='case', max_length=10),
        ),
    ]
