"""The names that `fields` may hold, per type of node (Meta's codegen specifications of v26.0, with the edges)."""

from __future__ import annotations


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


KNOWN = {
    "PagePost": _words("""
        actions admin_creator application attachments backdated_time call_to_action can_reply_privately
        child_attachments comments comments_mirroring_domain coordinates created_time event feed_targeting from
        full_picture height icon id is_eligible_for_promotion is_expired is_hidden is_instagram_eligible is_popular
        is_published is_spherical message message_tags multi_share_end_card parent_id permalink_url picture place
        privacy promotable_id properties reactions scheduled_publish_time shares status_type story story_tags
        subscribed target targeting timeline_visibility to updated_time via width
    """),
    "Comment": _words("""
        admin_creator application attachment can_comment can_hide can_like can_remove can_reply_privately
        comment_count comments created_time from id is_hidden is_private like_count message message_tags object
        parent permalink_url private_reply_conversation reactions user_likes
    """),
    "Photo": _words("""
        album alt_text alt_text_custom backdated_time can_delete can_tag comments created_time event from height
        icon id images link name name_tags page_story_id picture place source target updated_time webp_images width
    """),
    "Page": _words("""
        about access_token category category_list checkins cover description emails engagement fan_count
        followers_count has_transitioned_to_new_page_experience id is_published is_webhooks_subscribed link name
        picture rating_count tasks unread_message_count unread_notif_count username verification_status website
    """),
    "User": _words("id name first_name last_name picture"),
    "Message": _words("attachments created_time from id is_unsupported message reactions shares sticker tags to"),
    "Conversation": _words("can_reply id link message_count messages participants snippet unread_count updated_time"),
}
#: What comes where `fields` is not given.
#: The edge /tagged adds a field to the posts that it lists, and serves it unasked (recorded of v10.0).
KNOWN["TaggedPost"] = KNOWN["PagePost"] | {"tagged_time"}
DEFAULTS = {
    "PagePost": "created_time,message,id",
    "TaggedPost": "message,tagged_time,id",
    "Comment": "created_time,from,message,id",
    "Photo": "created_time,name,id",
    "Page": "name,id",
    "User": "name,id",
    "Message": "created_time,id",
    "Conversation": "id,updated_time",
}
