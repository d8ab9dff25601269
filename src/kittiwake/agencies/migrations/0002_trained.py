import django.db.models.deletion
from django.db import migrations, models

PROTECT = django.db.models.deletion.PROTECT


class Migration(migrations.Migration):

    dependencies = [
        ('agencies', '0001_initial'),
    ]

    operations = [
        migrations.CreateModel(
            name='Trained',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('course', models.CharField(max_length=40)),
                ('from_on', models.DateField()),
                ('until_on', models.DateField()),
                ('evidence', models.CharField(max_length=200)),
                ('kept_at', models.DateTimeField()),
                ('kept_by', models.ForeignKey(on_delete=PROTECT, related_name='+', to='agencies.practitioner')),
                ('practitioner', models.ForeignKey(on_delete=PROTECT, to='agencies.practitioner')),
            ],
            options={
                'verbose_name_plural': 'trained',
                'db_table': 'trained',
                'indexes': [models.Index(fields=['practitioner', 'course'], name='trained_by_course')],
            },
        ),
    ]
