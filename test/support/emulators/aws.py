"""Starts ministack, with a stand-in for the configuration sets of AWS End User Messaging, which it does not know.

It creates nothing: a stack that has one can be deployed, and no event is sent. An SDK finds no configuration set.
"""

import sys

from ministack import app
from ministack.core.responses import get_account_id, get_region
from ministack.services.cloudformation import provisioners


def create(logical_id: str, props: dict, stack_name: str) -> tuple:
    name = props["ConfigurationSetName"]
    return name, {"Arn": f"arn:aws:sms-voice:{get_region()}:{get_account_id()}:configuration-set/{name}"}


def update(physical_id: str, old_props: dict, new_props: dict, stack_name: str) -> tuple:
    return create("", new_props, stack_name)


def delete(physical_id: str, props: dict) -> None:
    pass


provisioners._RESOURCE_HANDLERS["AWS::SMSVOICE::ConfigurationSet"] = {"create": create, "update": update, "delete": delete}
sys.exit(app.main())
