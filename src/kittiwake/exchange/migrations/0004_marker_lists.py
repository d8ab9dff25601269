import django.db.models.deletion
from django.db import migrations, models

PROTECT = django.db.models.deletion.PROTECT


class Migration(migrations.Migration):

    dependencies = [
        ('agencies', '0001_initial'),
        ('people', '0001_initial'),
        ('exchange', '0003_feeds_mappings_incidents'),
    ]

    operations = [
        migrations.CreateModel(
            name='ListedMarker',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('feed', models.CharField(max_length=60)),
                ('type', models.CharField(max_length=40)),
                ('from_on', models.DateField(null=True)),
                ('until_on', models.DateField(null=True)),
                ('listed_at', models.DateTimeField()),
                ('gone_at', models.DateTimeField(null=True)),
                ('agency', models.ForeignKey(on_delete=PROTECT, to='agencies.agency')),
                ('person', models.ForeignKey(on_delete=PROTECT, to='people.person')),
            ],
            options={'db_table': 'listed_marker'},
        ),
        migrations.CreateModel(
            name='MarkerDifference',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('uid', models.UUIDField(unique=True)),
                ('feed', models.CharField(max_length=60)),
                ('type', models.CharField(max_length=40)),
                ('what', models.CharField(max_length=10)),
                ('found_at', models.DateTimeField()),
                ('explained_at', models.DateTimeField(null=True)),
                ('reason', models.CharField(blank=True, max_length=400)),
                ('gone_at', models.DateTimeField(null=True)),
                ('agency', models.ForeignKey(on_delete=PROTECT, to='agencies.agency')),
                ('explained_by', models.ForeignKey(null=True, on_delete=PROTECT, related_name='+', to='agencies.practitioner')),
                ('owner', models.ForeignKey(on_delete=PROTECT, related_name='+', to='agencies.practitioner')),
                ('person', models.ForeignKey(on_delete=PROTECT, to='people.person')),
            ],
            options={'db_table': 'marker_difference'},
        ),
        migrations.AddConstraint('listedmarker', models.UniqueConstraint(condition=models.Q(('gone_at', None)), fields=('feed', 'person', 'type'), name='listed_marker_once')),
        migrations.AddConstraint('markerdifference', models.UniqueConstraint(condition=models.Q(('gone_at', None)), fields=('feed', 'person', 'type', 'what'), name='marker_difference_once')),
    ]
