"""Runs MiniStack with IAM enforced, and tells policies the four things that AWS tells them and MiniStack does not."""

import asyncio
import json
import os
import signal
from contextvars import ContextVar

from hypercorn.asyncio import serve
from hypercorn.config import Config
from ministack import app
from ministack.core import iam_actions, iam_evaluator, responses, tls

context_of_dynamodb = iam_actions.dynamodb_service_context
enforce_ses = app._enforce_ses_v2
enforce_action = iam_evaluator.enforce
resolve_condition_key = iam_evaluator._resolve_condition_key
leading_keys = ContextVar("leading_keys", default=[])
mail = ContextVar("mail", default=None)


def partition_key(request):
    """The key of the item that a request writes, checks or reads, as one of its own or one of a transaction."""
    return (request.get("Key") or request["Item"])["pk"]["S"]


def partition_keys(data):
    """The keys that a request names: of a batch, of a query, or of one item."""
    if "RequestItems" in data:
        return [key["pk"]["S"] for table in data["RequestItems"].values() for key in table["Keys"]]
    if "KeyConditionExpression" in data:
        return [data["ExpressionAttributeValues"][":pk"]["S"]]
    return [partition_key(data)]


def with_leading_keys(body):
    """
    dynamodb:LeadingKeys, the partition keys that a request names. In a transaction each item is authorized by itself.
    https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/specifying-conditions.html
    """
    context = context_of_dynamodb(body)
    data = json.loads(body or b"{}")
    if "TransactItems" in data:
        leading_keys.set([partition_key(request) for item in data["TransactItems"] for request in item.values()])
        return context
    names_items = data.keys() & {"RequestItems", "KeyConditionExpression", "Key", "Item"}
    return {**context, "dynamodb:LeadingKeys": partition_keys(data)} if names_items else context


def with_mail(method, path, headers, body, query_params, request_id):
    """Keeps the mail that is to be sent for as long as it is authorized."""
    token = mail.set(json.loads(body) if body and path.endswith("/outbound-emails") else None)
    try:
        return enforce_ses(method, path, headers, body, query_params, request_id)
    finally:
        mail.reset(token)


def enforce_mail(sent, access_key, action, service, region, **more):
    """
    SendEmail is authorized on the sender's identity and on the configuration set, with ses:FromAddress.
    https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonsimpleemailservicev2.html
    """
    place = f"arn:aws:ses:{region}:{responses.get_account_id()}"
    sender = sent["FromEmailAddress"]
    address = sender[sender.find("<") + 1 :].rstrip(">")
    resources = [f"{place}:identity/{address}"]
    if "ConfigurationSetName" in sent:
        resources.append(f"{place}:configuration-set/{sent['ConfigurationSetName']}")
    context = {**(more.get("service_context") or {}), "ses:FromAddress": address}
    for resource in resources:
        changed = {**more, "resource_arn": resource, "service_context": context}
        denied = enforce_action(access_key, action, service, region, **changed)
        if denied:
            return denied
    return None


def with_role(key, context):
    """
    aws:PrincipalArn is that of the role where a session of one calls.
    https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html#condition-keys-principalarn
    """
    value = resolve_condition_key(key, context)
    if key.lower() != "aws:principalarn" or ":assumed-role/" not in value:
        return value
    account, role = value.split(":")[4], value.split("/")[1]
    return f"arn:aws:iam::{account}:role/{role}"


def enforce(access_key, action, service, region, **more):
    if action == "ses:SendEmail" and mail.get():
        return enforce_mail(mail.get(), access_key, action, service, region, **more)
    context = dict(more.get("service_context") or {})
    if "dynamodb:EnclosingOperation" in context:
        context["dynamodb:LeadingKeys"] = [leading_keys.get().pop(0)]
    return enforce_action(access_key, action, service, region, **{**more, "service_context": context})


iam_actions.dynamodb_service_context = with_leading_keys
iam_evaluator.enforce = enforce
iam_evaluator._resolve_condition_key = with_role
app._enforce_ses_v2 = with_mail


async def main():
    """Listens on the one port that it is given. MiniStack's own command also takes port 443."""
    config = Config()
    config.bind = [f"127.0.0.1:{os.environ['GATEWAY_PORT']}"]
    config.certfile, config.keyfile = tls.resolve_tls_material()
    stopped = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, stopped.set)
    await serve(app.app, config, shutdown_trigger=stopped.wait)


asyncio.run(main())
