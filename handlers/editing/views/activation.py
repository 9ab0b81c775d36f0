"""Words for deactivating an image."""

from __future__ import annotations

from cloud.models import Image, ImageStatus
from handlers.core.places import ImageRef
from handlers.core.replies import Block, Message
from handlers.ui.blocks import button, buttons, text_message
from handlers.ui.labels import image_label
from storage import Account

REACTIVATE = "activation.reactivate"


def switched(image: Image, account: Account) -> Message:
    """Say the image's new status."""
    text = f"{image_label(image)} is {image.status} now. {_MEANING.get(image.status, '')}".strip()
    return text_message(text, *_back(image, account))


def already(image: Image, account: Account) -> Message:
    text = f"{image_label(image)} is already {image.status}. Nothing was changed."
    return text_message(text, *_back(image, account))


def _back(image: Image, account: Account) -> tuple[Block, ...]:
    if image.status != ImageStatus.DEACTIVATED:
        return ()
    value = ImageRef.of(account, image).value()
    return (buttons(button("Reactivate", REACTIVATE, value)),)


_MEANING = {
    ImageStatus.DEACTIVATED: "Nobody can boot it or read its data until it is reactivated. You "
    "can still update, share and delete it. Servers built from it are not affected.",
    ImageStatus.ACTIVE: "Everyone with access can boot it.",
}
