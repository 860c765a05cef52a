"""What the sandbox remembers. `number` orders posts and carries their time (numbers.py).

`external_id` is the id in the network's own spelling. The label is spelt out: a desk that only imports these models
must not take them for its own.
"""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import models


class World(models.Model):
    """One isolated playground. `settings` is {network: {name: value}}, e.g. {"x": {"summon_rule": false}}."""

    name = models.SlugField(unique=True)
    settings = models.JSONField(default=dict)

    class Meta:
        app_label = "sandbox"

    def __str__(self) -> str:
        return self.name

    def setting(self, network: str, name: str, default: Any = None) -> Any:
        return self.settings.get(network, {}).get(name, default)


class Person(models.Model):
    """A citizen, or the city itself."""

    world = models.ForeignKey(World, on_delete=models.CASCADE)
    network = models.CharField(max_length=32)
    external_id = models.CharField(max_length=200)
    handle = models.CharField(max_length=100)
    name = models.CharField(max_length=200)
    is_city = models.BooleanField(default=False)

    class Meta:
        app_label = "sandbox"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["world", "network", "external_id"], name="person_id_once"),
            models.UniqueConstraint(fields=["world", "network", "handle"], name="person_handle_once"),
        ]

    def __str__(self) -> str:
        return self.handle


class Post(models.Model):
    """Anything written: a post, a comment, a reply; or, with `raw`, a poison item that is served byte for byte."""

    world = models.ForeignKey(World, on_delete=models.CASCADE)
    network = models.CharField(max_length=32)
    number = models.BigIntegerField()
    external_id = models.CharField(max_length=200)
    author = models.ForeignKey(Person, null=True, on_delete=models.CASCADE)
    parent = models.ForeignKey("self", null=True, on_delete=models.SET_NULL, related_name="answers")
    root = models.ForeignKey("self", null=True, on_delete=models.SET_NULL, related_name="thread")
    kind = models.CharField(max_length=32, default="post")
    text = models.TextField(blank=True)
    #: It stands in the city's feed of mentions or notifications.
    for_city = models.BooleanField(default=False)
    created_at = models.DateTimeField()
    edited_at = models.DateTimeField(null=True)
    deleted_at = models.DateTimeField(null=True)
    #: Edited on a network where an edit makes a new post: a newer version stands in its place.
    replaced = models.BooleanField(default=False)
    #: Reads of feeds, threads and timelines miss it until then (readback_lag).
    visible_at = models.DateTimeField()
    extra = models.JSONField(default=dict)
    raw = models.BinaryField(null=True)

    class Meta:
        app_label = "sandbox"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["world", "network", "number"], name="post_number_once"),
            models.UniqueConstraint(fields=["world", "network", "external_id"], name="post_id_once"),
        ]
        indexes: ClassVar = [
            models.Index(fields=["world", "network", "for_city", "-number"], name="post_for_city"),
            models.Index(fields=["author", "-number"], name="post_by_author"),
            models.Index(fields=["root", "number"], name="post_in_thread"),
        ]

    def __str__(self) -> str:
        return self.external_id


class Upload(models.Model):
    """A photo: of a post, or uploaded and not yet used."""

    world = models.ForeignKey(World, on_delete=models.CASCADE)
    network = models.CharField(max_length=32)
    external_id = models.CharField(max_length=200)
    name = models.CharField(max_length=100)
    mime_type = models.CharField(max_length=100)
    content = models.BinaryField()
    alt = models.TextField(blank=True)
    width = models.PositiveIntegerField(default=0)
    height = models.PositiveIntegerField(default=0)
    post = models.ForeignKey(Post, null=True, on_delete=models.CASCADE, related_name="uploads")
    created_at = models.DateTimeField()

    class Meta:
        app_label = "sandbox"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["world", "network", "external_id"], name="upload_id_once"),
            models.UniqueConstraint(fields=["world", "network", "name"], name="upload_name_once"),
        ]

    def __str__(self) -> str:
        return self.name


class Fault(models.Model):
    """A switched-on fault; `remaining` null means until it is switched off."""

    world = models.ForeignKey(World, on_delete=models.CASCADE)
    network = models.CharField(max_length=32)
    name = models.CharField(max_length=50)
    params = models.JSONField(default=dict)
    remaining = models.IntegerField(null=True)

    class Meta:
        app_label = "sandbox"

    def __str__(self) -> str:
        return self.name


class Call(models.Model):
    """One API request as it came in and what it got; status 0 means the connection was cut."""

    world = models.ForeignKey(World, on_delete=models.CASCADE)
    network = models.CharField(max_length=32)
    method = models.CharField(max_length=10)
    path = models.TextField()
    status = models.IntegerField()
    fault = models.CharField(max_length=50, blank=True)
    at = models.DateTimeField()

    class Meta:
        app_label = "sandbox"

    def __str__(self) -> str:
        return f"{self.method} {self.path} {self.status}"
