import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('journal', '0003_indexes_that_are_read'),
    ]

    operations = [
        migrations.AddField('flag', 'role', models.CharField(db_default='child', max_length=20)),
        migrations.AddField('flag', 'source', models.CharField(blank=True, db_default='', max_length=40)),
        migrations.AddField('flag', 'from_on', models.DateField(null=True)),
        migrations.AddField('flag', 'until_on', models.DateField(null=True)),
        migrations.AddField('flag', 'other', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.person')),
        migrations.AddField('flag', 'owner', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='agencies.practitioner')),
        migrations.RemoveConstraint('flag', 'flag_one_of_a_type_in_force'),
        migrations.AddConstraint('flag', models.UniqueConstraint(condition=models.Q(('ended_at', None)), fields=('person', 'type', 'other'), name='flag_one_of_a_type_in_force', nulls_distinct=False)),
    ]
