/** Seconds, from a cached answer to a provider that hangs. */
const SECONDS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30];
/** Seconds that work waits to be taken. */
const WAITS = [0.01, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300];

interface Definition {
  kind: 'counter' | 'gauge' | 'histogram';
  help: string;
  labels: readonly string[];
  buckets?: readonly number[];
}

/**
 * Every figure of Carillon's own, by name. None has the tenant as a label: each value of a label is a series, and a
 * deployment may have thousands of tenants; what concerns one tenant stands in `/v1/analytics`. All labels have few values:
 * channels, providers and routes are those that the deployment has, reasons and statuses come from fixed lists.
 */
export const metricTable = {
  carillon_notifications_accepted_total: {
    kind: 'counter',
    help: 'Triggers for one recipient that were accepted, new ones only',
    labels: ['via'],
  },
  carillon_notifications_planned_total: {
    kind: 'counter',
    help: 'Plans that were made, by the status that followed; a notification that waits is planned again after it',
    labels: ['status'],
  },
  carillon_deliveries_sent_total: {
    kind: 'counter',
    help: 'Deliveries that a provider took',
    labels: ['channel', 'provider'],
  },
  carillon_deliveries_failed_total: {
    kind: 'counter',
    help: 'Deliveries that failed for good',
    labels: ['channel', 'provider', 'reason'],
  },
  carillon_send_attempts_total: {
    kind: 'counter',
    help: 'Attempts at a provider, those that are retried or made good by another provider too',
    labels: ['channel', 'provider', 'outcome'],
  },
  carillon_send_duration_seconds: {
    kind: 'histogram',
    help: 'How long a provider took for one attempt, composing included',
    labels: ['channel', 'provider'],
    buckets: SECONDS,
  },
  carillon_notifications_waiting: {
    kind: 'gauge',
    help: 'Notifications that wait, counted up to 100000; of the whole deployment, sampled every 15 s at most',
    labels: ['status'],
  },
  carillon_deliveries_parked: {
    kind: 'gauge',
    help: 'Deliveries that wait for a provider that is down, counted up to 100000; sampled likewise',
    labels: [],
  },
  carillon_task_queue_backlog: {
    kind: 'gauge',
    help: 'Tasks that wait for a worker, as Temporal estimates it; sampled likewise',
    labels: ['queue', 'kind'],
  },
  carillon_task_queue_backlog_age_seconds: {
    kind: 'gauge',
    help: 'How long the oldest of them has waited: schedule-to-start as it would be now',
    labels: ['queue', 'kind'],
  },
  carillon_task_queue_pollers: {
    kind: 'gauge',
    help: 'Workers that have asked for tasks lately',
    labels: ['queue', 'kind'],
  },
  carillon_activity_schedule_to_start_seconds: {
    kind: 'histogram',
    help: 'How long activities had waited when this worker began them',
    labels: ['activity'],
    buckets: WAITS,
  },
  carillon_activity_failures_total: {
    kind: 'counter',
    help: 'Activities of this worker that failed, other than by a provider or by being cancelled',
    labels: ['activity'],
  },
  carillon_sockets: {
    kind: 'gauge',
    help: 'Open sockets of inboxes at this process',
    labels: ['transport'],
  },
  carillon_socket_persons: {
    kind: 'gauge',
    help: 'People with an open inbox at this process',
    labels: [],
  },
  carillon_sockets_refused_total: {
    kind: 'counter',
    help: 'Sockets that this process refused or ended, by reason',
    labels: ['reason'],
  },
  carillon_change_stream_lag_seconds: {
    kind: 'gauge',
    help: 'How long the last change took from MongoDB to this process, by what reads it',
    labels: ['reader'],
  },
  carillon_kafka_consumer_lag: {
    kind: 'gauge',
    help: 'Records of a partition behind the last batch that came',
    labels: ['topic', 'partition'],
  },
  carillon_http_request_duration_seconds: {
    kind: 'histogram',
    help: 'How long requests took, by the route as the OpenAPI document has it; streams are left out',
    labels: ['method', 'route', 'status'],
    buckets: SECONDS,
  },
  carillon_mongodb_connections: {
    kind: 'gauge',
    help: 'Connections to MongoDB of this process',
    labels: ['state'],
  },
  carillon_mongodb_checkout_failures_total: {
    kind: 'counter',
    help: 'Times that no connection to MongoDB could be had',
    labels: [],
  },
  carillon_housekeeping_removed_total: {
    kind: 'counter',
    help: 'Rows that this worker removed after their time',
    labels: ['collection'],
  },
  carillon_housekeeping_last_success_timestamp_seconds: {
    kind: 'gauge',
    help: 'When the daily housekeeping last came to its end; sampled likewise',
    labels: [],
  },
  carillon_errors_reported_total: {
    kind: 'counter',
    help: 'Errors of our own that the error sink was told of, or would have been',
    labels: ['outcome'],
  },
  carillon_sample_failures_total: {
    kind: 'counter',
    help: 'Times that a figure could not be read while it was asked for',
    labels: ['source'],
  },
} as const satisfies Record<string, Definition>;

export type MetricName = keyof typeof metricTable;

type Named<Kind extends Definition['kind']> = {
  [Name in MetricName]: (typeof metricTable)[Name]['kind'] extends Kind ? Name : never;
}[MetricName];

export type CounterName = Named<'counter'>;
export type GaugeName = Named<'gauge'>;
export type HistogramName = Named<'histogram'>;

/** The labels that a figure has. */
export type Labels<Name extends MetricName> = Record<(typeof metricTable)[Name]['labels'][number], string>;
