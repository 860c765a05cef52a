"""The words that X's two generations of names know: fields, expansions, members of a body."""

from __future__ import annotations

from dataclasses import dataclass


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """The words of one generation of the API."""

    fields: str
    history: str
    posts: str
    spelling: dict[str, str]


TWEET = Vocabulary("tweet.fields", "edit_history_tweet_ids", "tweets", {})
POST = Vocabulary("post.fields", "edit_history_post_ids", "posts", {"referenced_tweets": "referenced_posts"})

#: Fields that post.fields does not know: they come with the expansion of their name.
BY_EXPANSION = {
    "author_id": "author_id",
    "in_reply_to_user_id": "in_reply_to_user_id",
    "referenced_tweets.id": "referenced_tweets",
    "attachments.media_keys": "attachments",
}
SHARED = _words("""
    article attachments card_uri community_id context_annotations conversation_id created_at display_text_range
    edit_controls entities geo id lang media_metadata non_public_metrics organic_metrics possibly_sensitive
    promoted_metrics public_metrics reply_settings scopes source suggested_source_links
    suggested_source_links_with_counts text withheld
""")
FIELDS = {
    "tweet.fields": SHARED
    | _words("author_id edit_history_tweet_ids in_reply_to_user_id note_tweet referenced_tweets"),
    "post.fields": SHARED
    | _words("article_title matched_media_notes note_post note_request_suggestions paid_partnership"),
    "user.fields": _words("""
        affiliation confirmed_email connection_status created_at description entities id is_identity_verified
        location most_recent_tweet_id name parody pinned_tweet_id profile_banner_url profile_image_url protected
        public_metrics receives_your_dm subscribes_to_you subscription subscription_type url username verified
        verified_followers_count verified_type withheld
    """),
    "media.fields": _words("""
        alt_text duration_ms height media_key non_public_metrics organic_metrics preview_image_url
        promoted_metrics public_metrics type url variants width
    """),
}
EXPANSIONS = _words("""
    article.cover_media article.media_entities attachments.media_keys attachments.media_source_tweet
    attachments.poll_ids author_id edit_history_tweet_ids edit_history_post_ids entities.mentions.username
    geo.place_id in_reply_to_user_id entities.note.mentions.username referenced_tweets.id
    referenced_tweets.id.attachments.media_keys referenced_tweets.id.author_id referenced_posts username
""")
#: Query parameters that every address with posts or users takes.
COMMON = _words("tweet.fields post.fields user.fields media.fields poll.fields place.fields expansions")
#: Members of POST /2/tweets; anything else is refused.
BODY = _words("""
    card_uri community_id direct_message_deep_link edit_options for_super_followers_only geo made_with_ai media
    nullcast paid_partnership poll quote_tweet_id reply reply_settings share_with_followers text
""")
PARTS = {
    "reply": _words("in_reply_to_tweet_id exclude_reply_user_ids auto_populate_reply_metadata"),
    "media": _words("media_ids tagged_user_ids"),
}
