import datetime as dt

import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("auth", "__first__"),
    ]

    operations = [
        migrations.CreateModel(
            name="City",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=100, verbose_name="Name")),
                ("name_en", models.CharField(max_length=100, verbose_name="English name")),
                ("file_version", models.CharField(max_length=50, verbose_name="City file version")),
                ("digest", models.CharField(max_length=64, verbose_name="City file digest (SHA-256)")),
                (
                    "credits",
                    models.JSONField(
                        default=list, help_text="Sources the licences ask us to name", verbose_name="Credits"
                    ),
                ),
                ("loaded_at", models.DateTimeField(verbose_name="Loaded at")),
            ],
            options={
                "verbose_name": "City",
                "verbose_name_plural": "City",
                "constraints": [models.CheckConstraint(condition=models.Q(("id", 1)), name="city_only_one")],
            },
        ),
        migrations.CreateModel(
            name="Department",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("code", models.SlugField(max_length=40, unique=True, verbose_name="Code")),
                ("name", models.CharField(max_length=100, verbose_name="Name")),
                ("name_en", models.CharField(blank=True, max_length=100, verbose_name="English name")),
                ("name_2012", models.CharField(blank=True, max_length=100, verbose_name="Name in 2012")),
                ("bureau", models.CharField(blank=True, max_length=100, verbose_name="Bureau")),
                (
                    "level",
                    models.CharField(
                        choices=[("city", "City hall department"), ("city_office", "Office under the city")],
                        default="city",
                        max_length=20,
                        verbose_name="Level",
                    ),
                ),
                ("duties", models.TextField(blank=True, verbose_name="Duties")),
                ("phone", models.CharField(blank=True, max_length=40, verbose_name="Telephone")),
                ("note", models.TextField(blank=True, verbose_name="Note for officers")),
                ("source_url", models.URLField(blank=True, verbose_name="Official page")),
                ("active_from", models.DateField(blank=True, null=True, verbose_name="Exists from")),
                (
                    "active_to",
                    models.DateField(
                        blank=True, help_text="The first day without it", null=True, verbose_name="Ended on"
                    ),
                ),
                (
                    "parent",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="children",
                        to="departments.department",
                        verbose_name="Part of",
                    ),
                ),
                (
                    "successor",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="predecessors",
                        to="departments.department",
                        verbose_name="Successor",
                    ),
                ),
            ],
            options={
                "verbose_name": "Department",
                "verbose_name_plural": "Departments",
                "ordering": ["name", "code"],
                "constraints": [
                    models.CheckConstraint(condition=models.Q(("code", ""), _negated=True), name="department_has_code"),
                    models.CheckConstraint(condition=models.Q(("name", ""), _negated=True), name="department_has_name"),
                    models.CheckConstraint(
                        condition=models.Q(("level__in", ["city", "city_office"])), name="department_level_known"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("successor__isnull", True),
                            models.Q(("successor", models.F("id")), _negated=True),
                            _connector="OR",
                        ),
                        name="department_not_own_successor",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("parent__isnull", True),
                            models.Q(("parent", models.F("id")), _negated=True),
                            _connector="OR",
                        ),
                        name="department_not_own_parent",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("active_from__isnull", True),
                            ("active_to__isnull", True),
                            ("active_to__gt", models.F("active_from")),
                            _connector="OR",
                        ),
                        name="department_ends_after_start",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="District",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("code", models.CharField(max_length=10, unique=True, verbose_name="Code")),
                ("name", models.CharField(max_length=50, verbose_name="Name")),
                ("name_en", models.CharField(blank=True, max_length=100, verbose_name="English name")),
                ("lat", models.FloatField(verbose_name="Latitude")),
                ("lon", models.FloatField(verbose_name="Longitude")),
                (
                    "active_to",
                    models.DateField(
                        blank=True, help_text="The first day without it", null=True, verbose_name="Ended on"
                    ),
                ),
                ("updated_at", models.DateTimeField(auto_now=True, verbose_name="Changed at")),
            ],
            options={
                "verbose_name": "District",
                "verbose_name_plural": "Districts",
                "ordering": ["code"],
                "constraints": [
                    models.CheckConstraint(condition=models.Q(("name", ""), _negated=True), name="district_has_name"),
                    models.UniqueConstraint(
                        condition=models.Q(("active_to__isnull", True)),
                        fields=("name",),
                        name="district_name_once_while_active",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("lat__gte", -90), ("lat__lte", 90), ("lon__gte", -180), ("lon__lte", 180)),
                        name="district_on_earth",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Agency",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("code", models.SlugField(max_length=40, unique=True, verbose_name="Code")),
                ("name", models.CharField(max_length=100, verbose_name="Name")),
                ("name_en", models.CharField(blank=True, max_length=100, verbose_name="English name")),
                ("duties", models.TextField(blank=True, verbose_name="Duties")),
                ("words", models.JSONField(blank=True, default=list, verbose_name="Words")),
                ("hotline", models.CharField(blank=True, max_length=100, verbose_name="Hotline")),
                (
                    "hotline_verified",
                    models.BooleanField(
                        default=False,
                        help_text="An unverified number must not be given to citizens",
                        verbose_name="Hotline verified",
                    ),
                ),
                (
                    "active_to",
                    models.DateField(
                        blank=True, help_text="The first day without it", null=True, verbose_name="Ended on"
                    ),
                ),
                (
                    "district",
                    models.ForeignKey(
                        blank=True,
                        help_text="For a 구·군 office: whose it is",
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="offices",
                        to="departments.district",
                        verbose_name="Office of the district",
                    ),
                ),
            ],
            options={
                "verbose_name": "Agency",
                "verbose_name_plural": "Agencies",
                "ordering": ["name"],
                "constraints": [
                    models.CheckConstraint(condition=models.Q(("code", ""), _negated=True), name="agency_has_code"),
                    models.CheckConstraint(condition=models.Q(("name", ""), _negated=True), name="agency_has_name"),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("hotline_verified", False), models.Q(("hotline", ""), _negated=True), _connector="OR"
                        ),
                        name="agency_verified_hotline_given",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("active_to__isnull", True)),
                        fields=("district",),
                        name="agency_one_office_of_a_district",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Duty",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("text", models.TextField(verbose_name="Duty")),
                ("words", models.JSONField(blank=True, default=list, verbose_name="Words")),
                (
                    "department",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="duty_rows",
                        to="departments.department",
                        verbose_name="Department",
                    ),
                ),
            ],
            options={
                "verbose_name": "Duty",
                "verbose_name_plural": "Duties",
                "ordering": ["department", "id"],
                "constraints": [
                    models.CheckConstraint(condition=models.Q(("text", ""), _negated=True), name="duty_has_text")
                ],
            },
        ),
        migrations.CreateModel(
            name="Holiday",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("date", models.DateField(unique=True, verbose_name="Date")),
                ("name", models.CharField(max_length=100, verbose_name="Name")),
                (
                    "kind",
                    models.CharField(
                        choices=[("add", "Day off"), ("remove", "Working day after all")],
                        default="add",
                        max_length=10,
                        verbose_name="Effect",
                    ),
                ),
                ("reason", models.CharField(max_length=300, verbose_name="Reason")),
                (
                    "added_by",
                    models.ForeignKey(
                        blank=True,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="Added by",
                    ),
                ),
            ],
            options={
                "verbose_name": "Holiday change",
                "verbose_name_plural": "Holiday changes",
                "ordering": ["-date"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("kind__in", ["add", "remove"])), name="holiday_kind_known"
                    ),
                    models.CheckConstraint(condition=models.Q(("name", ""), _negated=True), name="holiday_has_name"),
                ],
            },
        ),
        migrations.CreateModel(
            name="Membership",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "role",
                    models.CharField(
                        choices=[
                            ("officer", "SNS officer"),
                            ("staff", "Department staff"),
                            ("head", "Department head"),
                            ("manager", "Manager"),
                            ("auditor", "Auditor"),
                            ("arbiter", "Arbiter"),
                            ("administrator", "Administrator"),
                        ],
                        max_length=20,
                        verbose_name="Role",
                    ),
                ),
                ("active_from", models.DateTimeField(default=django.utils.timezone.now, verbose_name="From")),
                ("active_to", models.DateTimeField(blank=True, null=True, verbose_name="Until")),
                (
                    "department",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="memberships",
                        to="departments.department",
                        verbose_name="Department",
                    ),
                ),
                (
                    "granted_by",
                    models.ForeignKey(
                        blank=True,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="memberships_granted",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="Granted by",
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="memberships",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="Person",
                    ),
                ),
            ],
            options={
                "verbose_name": "Membership",
                "verbose_name_plural": "Memberships",
                "ordering": ["user", "role", "id"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("role__in", ["officer", "staff", "head", "manager", "auditor", "arbiter", "administrator"])
                        ),
                        name="membership_role_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("department__isnull", False), ("role__in", ("staff", "head"))),
                            models.Q(
                                models.Q(("role__in", ("staff", "head")), _negated=True), ("department__isnull", True)
                            ),
                            _connector="OR",
                        ),
                        name="membership_department_fits_role",
                        violation_error_message="Staff and heads need a department; the other roles have none.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("active_to__isnull", True), ("active_to__gt", models.F("active_from")), _connector="OR"
                        ),
                        name="membership_ends_after_start",
                        violation_error_message="The end must be after the start.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("granted_by__isnull", True),
                            models.Q(("granted_by", models.F("user")), _negated=True),
                            _connector="OR",
                        ),
                        name="membership_not_self_granted",
                        violation_error_message="Nobody may give a role to himself.",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("active_to__isnull", True), ("department__isnull", False)),
                        fields=("user", "role", "department"),
                        name="membership_once_in_department",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("active_to__isnull", True), ("department__isnull", True)),
                        fields=("user", "role"),
                        name="membership_once_in_city",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="OfficeHours",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "weekday",
                    models.PositiveSmallIntegerField(
                        choices=[
                            (0, "Monday"),
                            (1, "Tuesday"),
                            (2, "Wednesday"),
                            (3, "Thursday"),
                            (4, "Friday"),
                            (5, "Saturday"),
                            (6, "Sunday"),
                        ],
                        verbose_name="Weekday",
                    ),
                ),
                ("opens", models.TimeField(verbose_name="Opens")),
                ("closes", models.TimeField(help_text="00:00 is the end of the day", verbose_name="Closes")),
                (
                    "department",
                    models.ForeignKey(
                        blank=True,
                        help_text="Empty: the whole city",
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="office_hours",
                        to="departments.department",
                        verbose_name="Department",
                    ),
                ),
            ],
            options={
                "verbose_name": "Office hours",
                "verbose_name_plural": "Office hours",
                "ordering": ["department", "weekday", "opens"],
                "constraints": [
                    models.CheckConstraint(condition=models.Q(("weekday__lte", 6)), name="office_hours_weekday_known"),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("closes__gt", models.F("opens")), ("closes", dt.time(0, 0)), _connector="OR"
                        ),
                        name="office_hours_close_after_opening",
                        violation_error_message="The closing time must be after the opening time.",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("department__isnull", False)),
                        fields=("department", "weekday", "opens"),
                        name="office_hours_once_in_department",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("department__isnull", True)),
                        fields=("weekday", "opens"),
                        name="office_hours_once_in_city",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="OnCall",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("begins_at", models.DateTimeField(verbose_name="From")),
                ("ends_at", models.DateTimeField(verbose_name="Until")),
                ("phone", models.CharField(blank=True, max_length=40, verbose_name="Telephone")),
                ("note", models.CharField(blank=True, max_length=200, verbose_name="Note")),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="on_call",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="Person",
                    ),
                ),
            ],
            options={
                "verbose_name": "On call",
                "verbose_name_plural": "On call",
                "ordering": ["begins_at", "id"],
                "indexes": [models.Index(fields=["ends_at"], name="on_call_by_end")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("ends_at__gt", models.F("begins_at"))),
                        name="on_call_ends_after_start",
                        violation_error_message="The end must be after the start.",
                    ),
                    models.UniqueConstraint(fields=("user", "begins_at"), name="on_call_once"),
                ],
            },
        ),
        migrations.CreateModel(
            name="Place",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("landmark", "Landmark"),
                            ("legal_dong", "Legal neighbourhood (법정동)"),
                            ("admin_dong", "Administrative neighbourhood (행정동)"),
                        ],
                        max_length=20,
                        verbose_name="Kind",
                    ),
                ),
                ("name", models.CharField(max_length=100, verbose_name="Name")),
                ("aliases", models.JSONField(blank=True, default=list, verbose_name="Other names")),
                ("lat", models.FloatField(verbose_name="Latitude")),
                ("lon", models.FloatField(verbose_name="Longitude")),
                ("updated_at", models.DateTimeField(auto_now=True, verbose_name="Changed at")),
                (
                    "district",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="places",
                        to="departments.district",
                        verbose_name="District",
                    ),
                ),
            ],
            options={
                "verbose_name": "Place",
                "verbose_name_plural": "Places",
                "ordering": ["name", "district"],
                "constraints": [
                    models.UniqueConstraint(fields=("district", "kind", "name"), name="place_once_per_district"),
                    models.CheckConstraint(condition=models.Q(("name", ""), _negated=True), name="place_has_name"),
                    models.CheckConstraint(
                        condition=models.Q(("kind__in", ["landmark", "legal_dong", "admin_dong"])),
                        name="place_kind_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("lat__gte", -90), ("lat__lte", 90), ("lon__gte", -180), ("lon__lte", 180)),
                        name="place_on_earth",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Topic",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=100, unique=True, verbose_name="Name")),
                ("words", models.JSONField(blank=True, default=list, verbose_name="Words")),
                (
                    "district_unit",
                    models.CharField(blank=True, max_length=200, verbose_name="Unit in the district office"),
                ),
                ("agency_note", models.CharField(blank=True, max_length=200, verbose_name="Outside agency")),
                (
                    "urgency",
                    models.CharField(
                        choices=[("low", "Low"), ("normal", "Normal"), ("high", "High"), ("critical", "Critical")],
                        default="normal",
                        max_length=10,
                        verbose_name="Urgency",
                    ),
                ),
                ("note", models.TextField(blank=True, verbose_name="Note for officers")),
                (
                    "department",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="topics",
                        to="departments.department",
                        verbose_name="Department",
                    ),
                ),
            ],
            options={
                "verbose_name": "Topic",
                "verbose_name_plural": "Topics",
                "ordering": ["name"],
                "constraints": [
                    models.CheckConstraint(condition=models.Q(("name", ""), _negated=True), name="topic_has_name"),
                    models.CheckConstraint(
                        condition=models.Q(("urgency__in", ["low", "normal", "high", "critical"])),
                        name="topic_urgency_known",
                    ),
                ],
            },
        ),
    ]
