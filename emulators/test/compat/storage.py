# The storage emulator through Python's SDKs (azure-storage-file-datalake and azure-storage-blob). Takes the connection string of an
# emulator as its argument; exits non-zero, with a traceback, at the first thing that is not as it should be.
import sys
from datetime import datetime, timedelta, timezone

from azure.core import MatchConditions
from azure.core.exceptions import HttpResponseError, ResourceExistsError, ResourceModifiedError, ResourceNotFoundError
from azure.storage.blob import BlobBlock, BlobServiceClient, ContainerSasPermissions, generate_container_sas
from azure.storage.filedatalake import DataLakeServiceClient, FileSystemSasPermissions, generate_file_system_sas

connection = sys.argv[1]
parts = dict(part.split("=", 1) for part in connection.strip(";").split(";"))
passed = 0


def check(actual, expected, what):
    global passed
    assert actual == expected, f"{what}: expected {expected!r}, got {actual!r}"
    passed += 1


def refused(kind, call, code=None):
    global passed
    try:
        call()
    except kind as error:
        if code is not None:
            assert error.error_code == code, f"expected {code}, got {error.error_code}: {error}"
        passed += 1
        return
    raise AssertionError(f"expected {kind.__name__} {code or ''}")


def data_lake():
    service = DataLakeServiceClient.from_connection_string(connection, retry_total=0)
    fs = service.create_file_system("python-lake", metadata={"team": "lake"})
    refused(ResourceExistsError, lambda: service.create_file_system("python-lake"))
    check(fs.exists(), True, "the filesystem exists")
    check(fs.get_file_system_properties().metadata, {"team": "lake"}, "filesystem metadata")
    check([f.name for f in service.list_file_systems(name_starts_with="python-l")], ["python-lake"], "list of filesystems")

    directory = fs.create_directory("raw/2026 01-15", metadata={"kind": "day"})
    check(directory.get_directory_properties().metadata.get("kind"), "day", "directory metadata")
    file = directory.create_file("events ä.jsonl")
    file.append_data(b"one\n", 0, 4)
    check(file.get_file_properties().size, 0, "size before the flush")
    file.append_data(b"two\n", 4, 4)
    file.flush_data(8)
    check(file.download_file().readall(), b"one\ntwo\n", "content after the flush")
    check(file.download_file(offset=4, length=3).readall(), b"two", "a part")
    refused(HttpResponseError, lambda: file.flush_data(99), "InvalidFlushPosition")

    big = b"0123456789" * 1_000_000
    upload = fs.get_file_client("raw/big.bin")
    upload.upload_data(big, overwrite=True, chunk_size=1 << 20, metadata={"empty": "", "n": "1"})
    check(upload.download_file(max_concurrency=2).readall() == big, True, "a large file")
    check(upload.get_file_properties().metadata, {"empty": "", "n": "1"}, "metadata with an empty value")
    empty = fs.create_file("raw/empty")
    check(empty.download_file().readall(), b"", "an empty file")

    upload.set_metadata({"m": "2"})
    check(upload.get_file_properties().metadata, {"m": "2"}, "metadata set")
    upload.set_access_control(permissions="rwxr-x---", owner="me")
    access = upload.get_access_control()
    check((access["owner"], access["permissions"]), ("me", "rwxr-x---"), "access control")
    fs.get_directory_client("raw").set_access_control_recursive("user::rwx,group::r-x,other::---")
    root = fs._get_root_directory_client() if hasattr(fs, "_get_root_directory_client") else fs.get_directory_client("/")
    check(root.get_access_control()["owner"], "$superuser", "the root's owner")

    paths = [(p.name, p.is_directory, p.content_length) for p in fs.get_paths("raw")]
    wanted = [("raw/2026 01-15", True, 0), ("raw/2026 01-15/events ä.jsonl", False, 8), ("raw/big.bin", False, 10_000_000), ("raw/empty", False, 0)]
    check(paths, wanted, "paths")
    check([p.name for p in fs.get_paths(recursive=False)], ["raw"], "paths of one level")
    check(len(list(fs.get_paths(max_results=1))), 5, "paths by pages of one")

    renamed = directory.rename_directory("python-lake/cooked")
    check(renamed.get_file_client("events ä.jsonl").download_file().readall(), b"one\ntwo\n", "content after a rename")
    moved = fs.get_file_client("raw/empty").rename_file("python-lake/cooked/empty")
    check(moved.exists(), True, "a renamed file")
    refused(ResourceNotFoundError, lambda: fs.get_file_client("raw/empty").get_file_properties())

    lease = upload.acquire_lease(15)
    refused(HttpResponseError, lambda: upload.delete_file(), "LeaseIdMissing")
    upload.delete_file(lease=lease)
    renamed.delete_directory()
    check(renamed.exists(), False, "a deleted directory")
    signature = generate_file_system_sas(parts["AccountName"], "python-lake", parts["AccountKey"], FileSystemSasPermissions(read=True, list=True), datetime.now(timezone.utc) + timedelta(hours=1))
    reader = DataLakeServiceClient(parts["BlobEndpoint"], credential=signature, retry_total=0).get_file_system_client("python-lake")
    check([p.name for p in reader.get_paths()], ["raw"], "paths by a signature")
    refused(HttpResponseError, lambda: reader.create_file("no"), "AuthorizationPermissionMismatch")
    service.delete_file_system("python-lake")
    refused(ResourceNotFoundError, lambda: fs.get_file_system_properties())


def blobs():
    service = BlobServiceClient.from_connection_string(connection, retry_total=0)
    container = service.create_container("python-blobs")
    refused(ResourceExistsError, lambda: service.create_container("python-blobs"), "ContainerAlreadyExists")
    check("python-blobs" in [c.name for c in service.list_containers(include_metadata=True)], True, "list of containers")
    blob = container.get_blob_client("a b/ö.txt")
    first = blob.upload_blob(b"hello", metadata={"Key": "v"})
    refused(ResourceExistsError, lambda: blob.upload_blob(b"again"), "BlobAlreadyExists")
    blob.upload_blob(b"hello!", overwrite=True)
    refused(ResourceModifiedError, lambda: blob.set_blob_metadata({}, etag=first["etag"], match_condition=MatchConditions.IfNotModified))
    check(blob.download_blob().readall(), b"hello!", "content")
    check(blob.download_blob(1, 3).readall(), b"ell", "a range")
    container.get_blob_client("empty").upload_blob(b"")
    check(container.download_blob("empty").readall(), b"", "an empty blob")

    parted = container.get_blob_client("parted")
    for n in (1, 2):
        parted.stage_block(f"block{n}", f"<{n}>".encode())
    parted.commit_block_list([BlobBlock("block2"), BlobBlock("block1")])
    check(parted.download_blob().readall(), b"<2><1>", "blocks")
    check([b.id for b in parted.get_block_list("committed")[0]], ["block2", "block1"], "a block list")
    big = b"abcdefghij" * 1_000_000
    many = BlobServiceClient.from_connection_string(connection, max_single_put_size=1 << 20, max_block_size=1 << 20, retry_total=0)
    many.get_blob_client("python-blobs", "big").upload_blob(big, max_concurrency=2, validate_content=True)
    check(many.get_blob_client("python-blobs", "big").download_blob(max_concurrency=2, validate_content=True).readall() == big, True, "a large blob")

    log = container.get_blob_client("log")
    log.create_append_blob()
    check(log.append_block(b"one")["blob_append_offset"], "0", "the first append")
    log.append_block(b"two")
    check(log.download_blob().readall(), b"onetwo", "an append blob")
    check([b.name for b in container.list_blobs(include=["metadata"])], ["a b/ö.txt", "big", "empty", "log", "parted"], "list of blobs")
    check([b.name for b in container.walk_blobs()], ["a b/", "big", "empty", "log", "parted"], "blobs by hierarchy")
    copied = container.get_blob_client("copied")
    check(copied.start_copy_from_url(parted.url)["copy_status"], "success", "a copy")
    lease = parted.acquire_lease(lease_duration=15)
    refused(HttpResponseError, lambda: parted.delete_blob(), "LeaseIdMissing")
    lease.release()
    container.delete_blobs("parted", "copied")
    refused(ResourceNotFoundError, lambda: parted.get_blob_properties())
    refused(HttpResponseError, lambda: blob.create_snapshot(), "NotImplemented")

    wrong = BlobServiceClient(parts["BlobEndpoint"], credential={"account_name": parts["AccountName"], "account_key": "d3Jvbmc="}, retry_total=0)
    refused(HttpResponseError, lambda: list(wrong.list_containers()), "AuthenticationFailed")
    signature = generate_container_sas(parts["AccountName"], "python-blobs", account_key=parts["AccountKey"], permission=ContainerSasPermissions(read=True), expiry=datetime.now(timezone.utc) + timedelta(hours=1))
    reader = BlobServiceClient(parts["BlobEndpoint"], credential=signature, retry_total=0).get_container_client("python-blobs")
    check(reader.download_blob("log").readall(), b"onetwo", "a blob by a signature")
    refused(HttpResponseError, lambda: reader.upload_blob("no", b""), "AuthorizationPermissionMismatch")
    service.delete_container("python-blobs")


data_lake()
blobs()
print(f"{passed} checks passed")
