//! A trace in OTLP's words (opentelemetry-proto, `trace/v1`).

use crate::span::{Kind, Span, Status, Value};
use hotline_vocabulary::ids::Id;
use opentelemetry_proto::tonic::collector::trace::v1::ExportTraceServiceRequest;
use opentelemetry_proto::tonic::common::v1::any_value::Value as Any;
use opentelemetry_proto::tonic::common::v1::{AnyValue, InstrumentationScope, KeyValue};
use opentelemetry_proto::tonic::resource::v1::Resource;
use opentelemetry_proto::tonic::trace::v1::span::SpanKind;
use opentelemetry_proto::tonic::trace::v1::status::StatusCode;
use opentelemetry_proto::tonic::trace::v1::{
    ResourceSpans, ScopeSpans, Span as Wire, Status as WireStatus,
};

/// What is posted to `/v1/traces`.
pub(crate) fn request(spans: &[Span]) -> ExportTraceServiceRequest {
    ExportTraceServiceRequest {
        resource_spans: vec![ResourceSpans {
            resource: Some(Resource {
                attributes: vec![attribute("service.name", &Value::from("hotline"))],
                ..Resource::default()
            }),
            scope_spans: vec![ScopeSpans {
                scope: Some(InstrumentationScope {
                    name: "hotline".to_owned(),
                    version: env!("CARGO_PKG_VERSION").to_owned(),
                    ..InstrumentationScope::default()
                }),
                spans: spans.iter().map(wire).collect(),
                ..ScopeSpans::default()
            }],
            ..ResourceSpans::default()
        }],
    }
}

fn wire(span: &Span) -> Wire {
    let kind = match span.kind {
        Kind::Server => SpanKind::Server,
        Kind::Internal => SpanKind::Internal,
        Kind::Client => SpanKind::Client,
    };
    let status = match &span.status {
        Status::Unset => None,
        Status::Error(message) => Some(WireStatus {
            message: message.clone(),
            code: StatusCode::Error.into(),
        }),
    };
    let parent = span.parent.map(|parent| parent.0.to_be_bytes().to_vec());
    Wire {
        trace_id: span.contact.bits().to_be_bytes().to_vec(),
        span_id: span.id.0.to_be_bytes().to_vec(),
        parent_span_id: parent.unwrap_or_default(),
        name: span.name.clone(),
        kind: kind.into(),
        start_time_unix_nano: span.began_us * 1_000,
        end_time_unix_nano: span.ended_us * 1_000,
        attributes: span
            .attributes
            .iter()
            .map(|(name, value)| attribute(name, value))
            .collect(),
        status,
        ..Wire::default()
    }
}

fn attribute(name: &str, value: &Value) -> KeyValue {
    let value = match value {
        Value::Text(text) => Any::StringValue(text.clone()),
        Value::Count(count) => Any::IntValue(*count),
    };
    KeyValue {
        key: name.to_owned(),
        value: Some(AnyValue { value: Some(value) }),
        ..KeyValue::default()
    }
}
