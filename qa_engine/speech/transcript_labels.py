"""Speaker labels that name a party of the call, in the words that transcript files use for them."""

from __future__ import annotations

from qa_engine.domain.transcript import Role

__all__ = ["names_a_role", "role_label"]

ROLE_LABELS = {
    Role.MANAGER: "manager agent operator employee representative rep менеджер оператор сотрудник агент консультант",
    Role.CUSTOMER: "customer client caller buyer клиент абонент покупатель заказчик звонящий",
    Role.SECOND_MANAGER: "second_manager",
    Role.IVR: "ivr robot bot автоответчик робот система",
}
ROLE_BY_LABEL = {label: role.value for role, labels in ROLE_LABELS.items() for label in labels.split()}


def role_label(label: str) -> str:
    """The role, as text, for a label that means one ("Agent", "Клиент:"); any other label as it is."""
    bare = " ".join(label.split()).strip(":[]()")
    return ROLE_BY_LABEL.get(bare.lower(), bare)


def names_a_role(label: str) -> bool:
    """Whether the label is one of the words for a party."""
    return label.lower() in ROLE_BY_LABEL
