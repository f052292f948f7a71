"""What the catalogue's readers and writers do with kinto-http; ends with an error at the first surprise."""
import sys

from kinto_http import Client
from kinto_http.exceptions import KintoException

url = sys.argv[1]
client = Client(server_url=url, auth=("alice", "a"), bucket="b", collection="c")
anonymous = Client(server_url=url, bucket="b", collection="c")


def refused(status, call, *args, **kwargs):
    try:
        call(*args, **kwargs)
    except KintoException as error:
        assert error.response.status_code == status, error
        return
    raise AssertionError(f"not refused with {status}")


assert client.server_info()["user"]["id"] == "account:alice"
assert "schema" in client.server_info()["capabilities"]

client.create_bucket(permissions={"read": ["system.Everyone"]})
refused(412, client.create_bucket)
client.create_bucket(if_not_exists=True)
schema = {"type": "object", "properties": {"n": {"type": "integer"}}, "required": ["n"]}
collection = client.create_collection(data={"schema": schema})
assert collection["permissions"] == {"write": ["account:alice"]}

created = client.create_record(id="one", data={"n": 1})["data"]
assert created["schema"] == collection["data"]["last_modified"]
refused(412, client.create_record, id="one", data={"n": 2})
refused(400, client.create_record, id="bad", data={"n": "a"})
assert client.get_record(id="one")["data"] == created
updated = client.update_record(id="one", data={"n": 2}, if_match=created["last_modified"])["data"]
refused(412, client.update_record, id="one", data={"n": 3}, if_match=created["last_modified"])
patched = client.patch_record(id="one", data={"more": [1, {"two": None}]})["data"]
assert patched["n"] == 2 and patched["more"] == [1, {"two": None}]
assert updated["last_modified"] < patched["last_modified"]

with client.batch() as batch:
    for n in range(60):
        batch.create_record(id=f"r{n}", data={"n": n})
assert len(client.get_records()) == 61, "pages are followed"
assert len(client.get_records(_limit=7)) == 7
assert len(client.get_records(_limit=7, pages=3)) == 21
assert [r["n"] for r in client.get_records(_sort="-n", min_n=57)] == [59, 58, 57]
assert client.get_records(**{"like_id": "r1*", "_sort": "n", "_limit": 3})[0]["id"] == "r1"
assert client.get_records_timestamp() == str(client.get_records()[0]["last_modified"])
assert len(anonymous.get_records()) == 61
refused(401, anonymous.create_record, data={"n": 1})

before = client.get_records_timestamp()
client.delete_record(id="one")
refused(404, client.get_record, id="one")
changes = client.get_records(_since=before)
assert [c["id"] for c in changes] == ["one"] and changes[0]["deleted"] is True
assert len(client.delete_records()) == 25, "a page, as the server is set up"
assert len(client.get_records()) == 35

dry = Client(server_url=url, auth=("alice", "a"), bucket="b", collection="c", dry_mode=True)
dry.create_record(id="dry", data={"n": 1})
refused(404, client.get_record, id="dry")

client.delete_collection()
client.delete_bucket()
refused(403, client.get_bucket)
print("all as expected")
