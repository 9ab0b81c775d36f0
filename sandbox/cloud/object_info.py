"""The capabilities of an object store, as its /info lists them."""

from __future__ import annotations

from sandbox.cloud import bulk_delete, containers, object_headers, object_listing, objects
from sandbox.cloud.state import Json, State


def told(state: State) -> Json:
    return {
        "swift": {
            "version": "2.38.3",
            "strict_cors_mode": True,
            "policies": [{"name": "default", "aliases": "default", "default": True}],
            "account_autocreate": True,
            "max_file_size": objects.MOST,
            "max_object_name_length": objects.LONGEST,
            "max_container_name_length": containers.LONGEST,
            "max_meta_name_length": object_headers.LONGEST_NAME,
            "max_meta_value_length": object_headers.LONGEST_VALUE,
            "max_meta_count": object_headers.MOST,
            "max_meta_overall_size": object_headers.MOST_TOGETHER,
            "container_listing_limit": object_listing.LISTED,
            "account_listing_limit": object_listing.LISTED,
        },
        "slo": {
            "max_manifest_segments": 1000,
            "max_manifest_size": 8 * 1024**2,
            "min_segment_size": 1,
        },
        "tempurl": {
            "methods": ["GET", "HEAD", "PUT", "POST", "DELETE"],
            "allowed_digests": list(state.temp_url_digests),
        },
        "bulk_delete": {"max_deletes_per_request": bulk_delete.MOST},
    }
