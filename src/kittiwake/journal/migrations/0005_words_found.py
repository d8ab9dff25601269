import django.db.models.deletion
from django.db import migrations, models

PROTECT = django.db.models.deletion.PROTECT


class Migration(migrations.Migration):

    dependencies = [
        ('journal', '0004_flag_register'),
    ]

    operations = [
        migrations.CreateModel(
            name='WordFound',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('uid', models.UUIDField(unique=True)),
                ('entry_uid', models.UUIDField()),
                ('at', models.DateTimeField()),
                ('kind', models.CharField(max_length=80)),
                ('row', models.CharField(max_length=20)),
                ('phrase', models.CharField(max_length=80)),
                ('severity', models.CharField(max_length=10)),
                ('because', models.CharField(blank=True, max_length=20)),
                ('is_sampled', models.BooleanField()),
                ('verdict', models.CharField(blank=True, max_length=20)),
                ('judged_at', models.DateTimeField(null=True)),
                ('by', models.ForeignKey(on_delete=PROTECT, to='agencies.practitioner')),
                ('entry', models.ForeignKey(on_delete=PROTECT, to='journal.entry')),
                ('judged_by', models.ForeignKey(null=True, on_delete=PROTECT, related_name='+', to='agencies.practitioner')),
                ('person', models.ForeignKey(on_delete=PROTECT, to='people.person')),
            ],
            options={
                'verbose_name_plural': 'words found',
                'db_table': 'word_found',
                'indexes': [models.Index(fields=['at'], name='word_found_by_time')],
            },
        ),
    ]
