"""Traces as OTLP/JSON: the protocol's own messages read them, and a collector takes them."""

import base64
import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from google.protobuf import json_format
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest
from opentelemetry.proto.trace.v1.trace_pb2 import Span as OtlpSpan
from opentelemetry.proto.trace.v1.trace_pb2 import Status

import rustok_sim as rs
from rustok_sim.core.errors import RunError
from rustok_sim.trace.otlp import EPOCH_NS, exported

IDS = {"traceId", "spanId", "parentSpanId"}


def parsed(line):
    """An export request of one line. OTLP/JSON has ids in hexadecimal where protobuf's JSON has base64; else alike."""

    def based(node):
        if isinstance(node, dict):
            return {
                key: base64.b64encode(bytes.fromhex(value)).decode() if key in IDS else based(value)
                for key, value in node.items()
            }
        return [based(one) for one in node] if isinstance(node, list) else node

    return json_format.ParseDict(based(json.loads(line)), ExportTraceServiceRequest())


def spans_of(request):
    """The spans of one request with what owns them."""
    for group in request.resource_spans:
        owner = {one.key: one.value.string_value for one in group.resource.attributes}
        for scope in group.scope_spans:
            yield from ((owner, span) for span in scope.spans)


def told(span):
    """The attributes of a protobuf span as Python values."""
    return {one.key: getattr(one.value, one.value.WhichOneof("value")) for one in span.attributes}


@pytest.fixture(scope="module")
def run(simulate, one):
    """A checkout, a change that is indexed, and a client that asks again in vain."""
    retry = '[load.retry]\non = "every_error"\nmax_attempts = 2\nbase_s = 0.2\n'
    return simulate(
        one("checkout", name="buyer"), one("price.set", name="merchant"), one("order.pay", name="lost"), retry
    )


@pytest.fixture(scope="module")
def requests(run):
    """All that is exported, read by the protocol's own messages."""
    lines = []
    for _ in exported(rs.trace.traces(run), lines.append):
        pass
    return [parsed(line) for line in lines]


def test_every_span_arrives_with_its_ids_times_and_kind(run, requests):
    """Field by field what the trace says; unknown fields would have been refused."""
    kinds = {"internal": OtlpSpan.SPAN_KIND_INTERNAL, "server": OtlpSpan.SPAN_KIND_SERVER,
             "client": OtlpSpan.SPAN_KIND_CLIENT, "producer": OtlpSpan.SPAN_KIND_PRODUCER,
             "consumer": OtlpSpan.SPAN_KIND_CONSUMER}  # fmt: skip
    mine = {span.span_id: span for trace in rs.trace.traces(run) for span in trace.spans()}
    arrived = {span.span_id.hex(): span for request in requests for _, span in spans_of(request)}
    assert arrived.keys() == mine.keys()
    for span_id, span in arrived.items():
        own = mine[span_id]
        assert (span.trace_id.hex(), span.name, span.kind) == (own.trace_id, own.name, kinds[own.kind])
        assert span.start_time_unix_nano - EPOCH_NS == pytest.approx(own.begin_s * 1e9, abs=1.0)
        assert span.end_time_unix_nano - EPOCH_NS == pytest.approx(own.end_s * 1e9, abs=1.0)
        assert (span.status.code == Status.STATUS_CODE_ERROR) == (own.error is not None)
        assert told(span).get("error.type") == own.error
        assert [event.name for event in span.events] == [name for _, name, _ in own.events]
        assert told(span).items() >= own.attributes.items()


def test_every_parent_is_there_and_contains_its_synchronous_children(requests):
    """Nanoseconds are rounded, and rounding keeps the order. Each trace has one root."""
    arrived = {(span.trace_id, span.span_id): span for request in requests for _, span in spans_of(request)}
    roots = [span.trace_id for span in arrived.values() if not span.parent_span_id]
    assert len(roots) == len(set(roots)) == len({trace_id for trace_id, _ in arrived})
    for span in arrived.values():
        if span.parent_span_id:
            parent = arrived[span.trace_id, span.parent_span_id]
            assert parent.start_time_unix_nano <= span.start_time_unix_nano
            if not told(span)["rustok.asynchronous"]:
                assert span.end_time_unix_nano <= parent.end_time_unix_nano


def test_nodes_are_instances_of_one_service(requests):
    """Who looks for the platform finds it under one name, and the clients apart from it."""
    owners = {(owner["service.name"], owner.get("service.instance.id")) for r in requests for owner, _ in spans_of(r)}
    assert owners == {("rustok", "node-1"), ("rustok", "node-2"), ("clients", None)}


def test_the_conventions_have_what_they_require(requests):
    """Database, messaging and HTTP spans carry the attributes that the semantic conventions require of them."""
    every = [told(span) for request in requests for _, span in spans_of(request)]
    wanted = {
        "db.query.summary": {"db.system.name", "db.operation.name"},
        "messaging.operation.name": {"messaging.system"},
        "http.response.status_code": {"http.request.method"},
    }
    for key, required in wanted.items():
        having = [attributes for attributes in every if key in attributes]
        assert having
        assert all(attributes.keys() >= required for attributes in having)


class Collector(BaseHTTPRequestHandler):
    """Takes what it is sent, or says what the server is told to say."""

    def do_POST(self):
        """Read the request and answer."""
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.taken.append((self.path, self.headers["Content-Type"], parsed(body)))
        status, answer = self.server.says
        self.send_response(status)
        self.end_headers()
        self.wfile.write(answer)

    def log_message(self, *_):
        """Say nothing."""


@pytest.fixture
def collector():
    """A server on this machine that speaks the protocol, its address in ``url``."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), Collector)
    server.taken, server.says = [], (200, b"{}")
    server.url = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield server
    server.shutdown()
    thread.join()
    server.server_close()


def test_a_collector_gets_every_span(run, requests, collector):
    """Over HTTP, at the protocol's path and with its content type."""
    sent = rs.trace.send_traces(rs.trace.traces(run), collector.url)
    assert [(path, kind) for path, kind, _ in collector.taken] == [("/v1/traces", "application/json")] * sent
    assert [request for *_, request in collector.taken] == requests


def test_another_path_is_kept(run, collector):
    """Some collectors stand behind a path of their own."""
    rs.trace.send_traces(rs.trace.traces(run), f"{collector.url}/otel/v1/traces")
    assert {path for path, *_ in collector.taken} == {"/otel/v1/traces"}


@pytest.mark.parametrize(
    ("says", "message"),
    [
        ((503, b""), "answered 503"),
        ((200, b'{"partialSuccess": {"rejectedSpans": "2", "errorMessage": "too old"}}'), "refused 2 spans: too old"),
    ],
)
def test_what_a_collector_refuses_is_an_error(run, collector, says, message):
    """Nobody should believe that his spans are there."""
    collector.says = says
    with pytest.raises(RunError, match=message):
        rs.trace.send_traces(rs.trace.traces(run), collector.url)


@pytest.mark.parametrize("says", [(200, b""), (200, b"fine"), (200, b'{"partialSuccess": {}}'), (200, b"[]")])
def test_an_answer_that_says_nothing_is_a_success(run, collector, says):
    """What stands in the body of a 200 beside partialSuccess is the collector's own affair."""
    collector.says = says
    assert rs.trace.send_traces(rs.trace.traces(run), collector.url) == len(collector.taken)


@pytest.mark.parametrize("url", ["file:///etc/passwd", "localhost:4318", "ftp://x/", ""])
def test_only_http_is_spoken(run, url):
    """An address of another kind is refused before anything is read."""
    with pytest.raises(RunError, match="is no address"):
        rs.trace.send_traces(rs.trace.traces(run), url)


def test_nobody_listening_is_one_sentence(run, collector):
    """The port of a server that has gone."""
    collector.server_close()
    with pytest.raises(RunError, match=r"127\.0\.0\.1"):
        rs.trace.send_traces(rs.trace.traces(run), collector.url)
