"""The tables of a modern WhatsApp for Android (2023 to 2026) that the maker fills or leaves empty.

Column lists as real databases of these years have them; every column is optional for a reader.
"""

from __future__ import annotations

TABLES = {
    "props": "_id INTEGER PRIMARY KEY AUTOINCREMENT, key TEXT UNIQUE, value TEXT",
    "jid": "_id INTEGER PRIMARY KEY AUTOINCREMENT, user TEXT NOT NULL, server TEXT NOT NULL, agent INTEGER, "
    "device INTEGER, type INTEGER, raw_string TEXT",
    "jid_map": "lid_row_id INTEGER PRIMARY KEY NOT NULL, jid_row_id INTEGER NOT NULL, sort_id INTEGER",
    "lid_display_name": "lid_row_id INTEGER PRIMARY KEY NOT NULL, display_name TEXT, username TEXT",
    "chat": (
        "_id INTEGER PRIMARY KEY AUTOINCREMENT, jid_row_id INTEGER UNIQUE, hidden INTEGER, subject TEXT, "
        "created_timestamp INTEGER, display_message_row_id INTEGER, last_message_row_id INTEGER, "
        "last_read_message_row_id INTEGER, archived INTEGER, sort_timestamp INTEGER, "
        "unseen_message_count INTEGER, plaintext_disabled INTEGER, spam_detection INTEGER, "
        "ephemeral_expiration INTEGER, ephemeral_setting_timestamp INTEGER, "
        "ephemeral_disappearing_messages_initiator INTEGER, group_type INTEGER NOT NULL DEFAULT 0, "
        "display_message_sort_id INTEGER, last_message_sort_id INTEGER, last_read_message_sort_id INTEGER, "
        "chat_lock INTEGER, chat_origin TEXT, participation_status INTEGER, account_jid_row_id INTEGER, "
        "group_member_count INTEGER, limited_sharing INTEGER, is_contact INTEGER"
    ),
    "message": (
        "_id INTEGER PRIMARY KEY AUTOINCREMENT, chat_row_id INTEGER NOT NULL, "
        "from_me INTEGER NOT NULL, key_id TEXT NOT NULL, sender_jid_row_id INTEGER, "
        "status INTEGER, broadcast INTEGER, recipient_count INTEGER, participant_hash TEXT, "
        "origination_flags INTEGER, origin INTEGER, timestamp INTEGER, "
        "received_timestamp INTEGER, receipt_server_timestamp INTEGER, message_type INTEGER, "
        "text_data TEXT, starred INTEGER, lookup_tables INTEGER, "
        "sort_id INTEGER NOT NULL DEFAULT 0, message_add_on_flags INTEGER, view_mode INTEGER, "
        "translated_text TEXT, view_replies_thread_id INTEGER, server_sts INTEGER"
    ),
    "message_media": (
        "message_row_id INTEGER PRIMARY KEY, chat_row_id INTEGER, autotransfer_retry_enabled INTEGER, "
        "multicast_id TEXT, media_job_uuid TEXT, transferred INTEGER, transcoded INTEGER, file_path TEXT, "
        "file_size INTEGER, suspicious_content INTEGER, trim_from INTEGER, trim_to INTEGER, face_x INTEGER, "
        "face_y INTEGER, media_key BLOB, media_key_timestamp INTEGER, width INTEGER, height INTEGER, "
        "has_streaming_sidecar INTEGER, gif_attribution INTEGER, thumbnail_height_width_ratio REAL, "
        "direct_path TEXT, first_scan_sidecar BLOB, first_scan_length INTEGER, message_url TEXT, "
        "mime_type TEXT, file_length INTEGER, media_name TEXT, file_hash TEXT, media_duration INTEGER, "
        "page_count INTEGER, enc_file_hash TEXT, partial_media_hash TEXT, partial_media_enc_hash TEXT, "
        "is_animated_sticker INTEGER, original_file_hash TEXT, mute_video INTEGER DEFAULT 0, "
        "media_caption TEXT, media_upload_handle TEXT, raw_transcription_text TEXT, "
        "first_viewed_timestamp INTEGER"
    ),
    "media_hash_thumbnail": "media_hash TEXT PRIMARY KEY, thumbnail BLOB",
    "message_thumbnail": "message_row_id INTEGER PRIMARY KEY, thumbnail BLOB",
    "message_text": (
        "message_row_id INTEGER PRIMARY KEY, description TEXT, page_title TEXT, url TEXT, "
        "font_style INTEGER, text_color INTEGER, background_color INTEGER, preview_type INTEGER, "
        "invite_link_group_type INTEGER NOT NULL DEFAULT 0"
    ),
    "message_link": (
        "_id INTEGER PRIMARY KEY AUTOINCREMENT, chat_row_id INTEGER, message_row_id INTEGER, "
        "link_index INTEGER"
    ),
    "message_quoted": (
        "message_row_id INTEGER PRIMARY KEY AUTOINCREMENT, chat_row_id INTEGER NOT NULL, "
        "parent_message_chat_row_id INTEGER NOT NULL, from_me INTEGER NOT NULL, sender_jid_row_id INTEGER, "
        "key_id TEXT NOT NULL, timestamp INTEGER, message_type INTEGER, origin INTEGER, text_data TEXT, "
        "payment_transaction_id TEXT, lookup_tables INTEGER, quoted_source INTEGER, quoted_type INTEGER"
    ),
    "message_location": (
        "message_row_id INTEGER PRIMARY KEY, chat_row_id INTEGER, latitude REAL, longitude REAL, "
        "place_name TEXT, place_address TEXT, url TEXT, live_location_share_duration INTEGER, "
        "live_location_sequence_number INTEGER, live_location_final_latitude REAL, "
        "live_location_final_longitude REAL, live_location_final_timestamp INTEGER, "
        "map_download_status INTEGER"
    ),
    "message_vcard": "_id INTEGER PRIMARY KEY AUTOINCREMENT, message_row_id INTEGER, vcard TEXT",
    "message_vcard_jid": (
        "_id INTEGER PRIMARY KEY AUTOINCREMENT, vcard_jid_row_id INTEGER, vcard_row_id INTEGER, "
        "message_row_id INTEGER"
    ),
    "message_mentions": "_id INTEGER PRIMARY KEY AUTOINCREMENT, message_row_id INTEGER, jid_row_id INTEGER, "
    "display_name TEXT, mention_type INTEGER",
    "message_forwarded": "message_row_id INTEGER PRIMARY KEY, forward_score INTEGER, forward_origin INTEGER",
    "message_ephemeral": (
        "message_row_id INTEGER PRIMARY KEY, duration INTEGER NOT NULL, expire_timestamp INTEGER NOT NULL, "
        "keep_in_chat INTEGER"
    ),
    "message_view_once_media": "message_row_id INTEGER PRIMARY KEY, state INTEGER NOT NULL",
    "message_revoked": (
        "message_row_id INTEGER PRIMARY KEY, revoked_key_id TEXT NOT NULL, admin_jid_row_id INTEGER, "
        "revoke_timestamp INTEGER"
    ),
    "message_edit_info": (
        "message_row_id INTEGER PRIMARY KEY, original_key_id TEXT NOT NULL, "
        "edited_timestamp INTEGER NOT NULL, sender_timestamp INTEGER NOT NULL"
    ),
    "message_poll": (
        "message_row_id INTEGER PRIMARY KEY, enc_key BLOB, selectable_options_count INTEGER, end_time INTEGER"
    ),
    "message_poll_option": (
        "_id INTEGER PRIMARY KEY AUTOINCREMENT, message_row_id INTEGER, option_sha256 TEXT, "
        "option_name TEXT, vote_total INTEGER"
    ),
    "message_add_on": (
        "_id INTEGER PRIMARY KEY AUTOINCREMENT, chat_row_id INTEGER, from_me INTEGER, key_id TEXT NOT NULL, "
        "sender_jid_row_id INTEGER, parent_message_row_id INTEGER, timestamp INTEGER, status INTEGER, "
        "message_add_on_type INTEGER"
    ),
    "message_add_on_reaction": (
        "message_add_on_row_id INTEGER PRIMARY KEY, reaction TEXT, sender_timestamp INTEGER"
    ),
    "message_add_on_poll_vote": "message_add_on_row_id INTEGER PRIMARY KEY, sender_timestamp INTEGER",
    "message_add_on_poll_vote_selected_option": (
        "_id INTEGER PRIMARY KEY AUTOINCREMENT, message_add_on_row_id INTEGER, message_poll_option_id INTEGER"
    ),
    "message_add_on_orphan": (
        "_id INTEGER PRIMARY KEY AUTOINCREMENT, chat_row_id INTEGER, from_me INTEGER, key_id TEXT NOT NULL, "
        "sender_jid_row_id INTEGER, parent_chat_row_id INTEGER, parent_from_me INTEGER, "
        "parent_key_id TEXT NOT NULL, parent_sender_jid_row_id INTEGER, timestamp INTEGER, "
        "orphan_message_data BLOB"
    ),
    "message_system": "message_row_id INTEGER PRIMARY KEY, action_type INTEGER NOT NULL",
    "message_system_group": "message_row_id INTEGER PRIMARY KEY, is_me_joined INTEGER",
    "message_system_chat_participant": "message_row_id INTEGER, user_jid_row_id INTEGER",
    "message_system_value_change": "message_row_id INTEGER PRIMARY KEY, old_data TEXT",
    "message_system_number_change": (
        "message_row_id INTEGER PRIMARY KEY, old_jid_row_id INTEGER, new_jid_row_id INTEGER"
    ),
    "message_system_photo_change": (
        "message_row_id INTEGER PRIMARY KEY, new_photo_id TEXT, old_photo BLOB, new_photo BLOB"
    ),
    "message_system_block_contact": "message_row_id INTEGER PRIMARY KEY, is_blocked INTEGER",
    "message_future": (
        "message_row_id INTEGER PRIMARY KEY, version INTEGER, data BLOB, future_message_type INTEGER"
    ),
    "message_details": "message_row_id INTEGER PRIMARY KEY, author_device_jid INTEGER",
    "receipt_user": (
        "_id INTEGER PRIMARY KEY AUTOINCREMENT, message_row_id INTEGER NOT NULL, "
        "receipt_user_jid_row_id INTEGER NOT NULL, receipt_timestamp INTEGER, read_timestamp INTEGER, "
        "played_timestamp INTEGER"
    ),
    "group_participant_user": (
        "_id INTEGER PRIMARY KEY AUTOINCREMENT, group_jid_row_id INTEGER NOT NULL, "
        "user_jid_row_id INTEGER NOT NULL, rank INTEGER, pending INTEGER, add_timestamp INTEGER, "
        "label TEXT, join_method INTEGER"
    ),
    "group_past_participant_user": (
        "_id INTEGER PRIMARY KEY AUTOINCREMENT, group_jid_row_id INTEGER NOT NULL, "
        "user_jid_row_id INTEGER NOT NULL, is_leave INTEGER, timestamp INTEGER"
    ),
    "call_log": (
        "_id INTEGER PRIMARY KEY AUTOINCREMENT, jid_row_id INTEGER, from_me INTEGER, call_id TEXT, "
        "transaction_id INTEGER, timestamp INTEGER, video_call INTEGER, duration INTEGER, "
        "call_result INTEGER, bytes_transferred INTEGER, group_jid_row_id INTEGER NOT NULL DEFAULT 0, "
        "is_joinable_group_call INTEGER, call_creator_device_jid_row_id INTEGER NOT NULL DEFAULT 0, "
        "call_random_id TEXT, call_link_row_id INTEGER NOT NULL DEFAULT 0, call_type INTEGER, "
        "offer_silence_reason INTEGER, scheduled_id TEXT"
    ),
    "call_log_participant_v2": (
        "_id INTEGER PRIMARY KEY AUTOINCREMENT, call_log_row_id INTEGER, jid_row_id INTEGER, "
        "call_result INTEGER"
    ),
    "message_call_log": "message_row_id INTEGER, call_log_row_id INTEGER",
    "missed_call_logs": (
        "_id INTEGER PRIMARY KEY AUTOINCREMENT, message_row_id INTEGER, timestamp INTEGER, "
        "video_call INTEGER, group_jid_row_id INTEGER NOT NULL DEFAULT 0, is_joinable_group_call INTEGER"
    ),
    "deleted_chat_job": (
        "_id INTEGER PRIMARY KEY AUTOINCREMENT, chat_row_id INTEGER NOT NULL, block_size INTEGER, "
        "deleted_message_row_id INTEGER, deleted_starred_message_row_id INTEGER, "
        "deleted_messages_remove_files BOOLEAN, deleted_categories_message_row_id INTEGER, "
        "deleted_categories_starred_message_row_id INTEGER, deleted_categories_remove_files BOOLEAN, "
        "deleted_message_categories TEXT"
    ),
    "audio_data": "message_row_id INTEGER PRIMARY KEY, waveform BLOB",
}

# As on a live phone; a backup has none of them. Made after the rows, which is faster.
INDEXES = (
    "CREATE UNIQUE INDEX jid_raw_string_index ON jid (raw_string)",
    "CREATE UNIQUE INDEX message_key_index ON message (chat_row_id, from_me, key_id, sender_jid_row_id)",
    "CREATE INDEX message_chat_sort_id_index ON message (chat_row_id, sort_id)",
    "CREATE INDEX message_sort_id_index ON message (sort_id)",
    "CREATE INDEX message_type_chat_index ON message (chat_row_id, message_type)",
    "CREATE INDEX message_starred_index ON message (starred)",
    "CREATE INDEX message_media_chat_index ON message_media (chat_row_id)",
    "CREATE INDEX message_media_hash_index ON message_media (file_hash)",
    "CREATE UNIQUE INDEX receipt_user_index ON receipt_user (message_row_id, receipt_user_jid_row_id)",
    "CREATE INDEX message_add_on_parent_index ON message_add_on (parent_message_row_id)",
    "CREATE UNIQUE INDEX message_add_on_key_index ON message_add_on (chat_row_id, from_me, "
    "key_id, sender_jid_row_id)",
    "CREATE UNIQUE INDEX mentions_index ON message_mentions (message_row_id, jid_row_id)",
    "CREATE UNIQUE INDEX message_vcard_index ON message_vcard (message_row_id, vcard)",
    "CREATE INDEX message_system_chat_participant_index ON message_system_chat_participant (message_row_id)",
    "CREATE INDEX message_poll_option_index ON message_poll_option (message_row_id)",
    "CREATE UNIQUE INDEX missed_call_logs_key_index ON missed_call_logs (message_row_id)",
    "CREATE UNIQUE INDEX call_log_key_index ON call_log (jid_row_id, from_me, call_id, transaction_id)",
)

FULL_TEXT = "CREATE VIRTUAL TABLE message_ftsv2 USING fts4(content, fts_jid, fts_namespace)"

CONTACT_TABLES = {
    "wa_contacts": (
        "_id INTEGER PRIMARY KEY AUTOINCREMENT, jid TEXT NOT NULL, is_whatsapp_user BOOLEAN NOT NULL, "
        "status TEXT, status_timestamp INTEGER, number TEXT, raw_contact_id INTEGER, "
        "display_name TEXT, phone_type INTEGER, phone_label TEXT, unseen_msg_count INTEGER, "
        "photo_ts INTEGER, thumb_ts INTEGER, photo_id_timestamp INTEGER, given_name TEXT, "
        "family_name TEXT, wa_name TEXT, sort_name TEXT, nickname TEXT, company TEXT, title TEXT, "
        "status_autodownload_disabled INTEGER, keep_timestamp INTEGER, is_spam_reported INTEGER, "
        "is_sidelist_synced BOOLEAN, is_business_synced BOOLEAN, disappearing_mode_duration INTEGER, "
        "disappearing_mode_timestamp INTEGER, is_starred INTEGER, is_wa_created_contact INTEGER"
    ),
    "wa_vnames": (
        "_id INTEGER PRIMARY KEY AUTOINCREMENT, jid TEXT NOT NULL UNIQUE, serial INTEGER, issuer TEXT, "
        "expires INTEGER, verified_name TEXT, industry TEXT, city TEXT, country TEXT, verified_level INTEGER"
    ),
    "wa_biz_profiles": (
        "_id INTEGER PRIMARY KEY AUTOINCREMENT, jid TEXT NOT NULL UNIQUE, email TEXT, address TEXT, "
        "business_description TEXT, latitude REAL, longitude REAL, vertical TEXT"
    ),
    "wa_group_descriptions": (
        "_id INTEGER PRIMARY KEY AUTOINCREMENT, jid TEXT NOT NULL UNIQUE, description TEXT NOT NULL, "
        "description_id_string TEXT, description_time INTEGER, description_setter_jid TEXT"
    ),
    "wa_group_admin_settings": (
        "jid TEXT PRIMARY KEY NOT NULL, restrict_mode BOOLEAN, announcement_group BOOLEAN, "
        "creator_jid TEXT, require_membership_approval INTEGER, member_add_mode INTEGER, "
        "addressing_mode TEXT"
    ),
    "wa_block_list": "jid TEXT PRIMARY KEY NOT NULL",
}
