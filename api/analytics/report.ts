import { BUILT_IN_TEMPLATE } from '../../contracts/analytics.js';
import { LATENCY_ERROR, percentileOf } from '../../models/latency-bins.js';
import { Sum, type Figures, type RollupKey } from '../../models/rollup-figures.js';
import { SLOT_MS } from '../../models/rollup-slots.js';
import { zoneClock } from '../../policy/zone-clock.js';
import type { Period } from './period.js';
import type { FigureSink, SeriesValues } from './read-figures.js';

const DAYS_A_WEEK = 7;
const HOURS_A_DAY = 24;

/** Adds figures up to the answer of `GET /v1/analytics`. What each field means stands in docs/analytics.md. */
export class Report implements FigureSink {
  private readonly total = new Sum();
  private readonly byChannel = new Map<string, Sum>();
  private readonly byType = new Map<string, Sum>();
  private readonly byTemplate = new Map<string, { key: RollupKey; sum: Sum }>();
  private readonly byRole = new Map<string, Sum>();
  private readonly patterns = new Map<string, { channel: string; sum: Sum }>();
  private readonly series: Record<keyof SeriesValues, Float64Array>;

  /** @param role the only one that is asked about, if it is one. */
  constructor(
    private readonly period: Period,
    private readonly role = '',
  ) {
    const slots = (period.toMs - period.fromMs) / SLOT_MS;
    const numbers = () => new Float64Array(slots);
    this.series = { sent: numbers(), failed: numbers(), opened: numbers(), latencyMs: numbers() };
  }

  add(key: RollupKey, figures: Figures, times: 1 | -1): void {
    if (key.role !== '') sumIn(this.byRole, key.role).add(figures, times);
    if (key.role !== this.role) return;
    this.total.add(figures, times);
    sumIn(this.byChannel, key.channel).add(figures, times);
    sumIn(this.byType, key.type).add(figures, times);
    const text = `${key.channel}/${key.type}/${key.template}`;
    const template = this.byTemplate.get(text) ?? { key, sum: new Sum() };
    this.byTemplate.set(text, template);
    template.sum.add(figures, times);
    for (const failures of figures.failures) {
      const pattern = this.patterns.get(key.channel) ?? { channel: key.channel, sum: new Sum() };
      this.patterns.set(key.channel, pattern);
      pattern.sum.addFailures(failures.reason, failures.provider, times * failures.count);
    }
  }

  addAt(slotMs: number, values: SeriesValues, times: 1 | -1): void {
    const at = (slotMs - this.period.fromMs) / SLOT_MS;
    // A day that is counted as a whole has slots outside the period.
    if (at < 0 || at >= this.series.sent.length) return;
    for (const name of ['sent', 'failed', 'opened', 'latencyMs'] as const) {
      this.series[name][at] = (this.series[name][at] ?? 0) + times * values[name];
    }
  }

  /** In the time zone that days and hours are meant in. */
  answer(zone: string, asOf: Date | undefined) {
    const { total, period } = this;
    const { sent, failed } = total;
    return {
      from: new Date(period.fromMs).toISOString(),
      to: new Date(period.toMs).toISOString(),
      timezone: zone,
      as_of: asOf?.toISOString() ?? null,
      total_sent: sent,
      total_failed: failed,
      success_rate: share(sent, sent + failed),
      average_latency_ms: average(total),
      latency_ms: { ...percentiles(total), relative_error: LATENCY_ERROR },
      open_rate: this.answeredShare('opened'),
      click_rate: this.answeredShare('clicked'),
      channel_usage: Object.fromEntries(
        [...this.byChannel].filter(([, sum]) => sum.sent > 0).map(([channel, sum]) => [channel, sum.sent]),
      ),
      failure_patterns: this.failurePatterns(),
      ...this.courses(zone),
      channels: listed(this.byChannel, 'channel'),
      types: listed(this.byType, 'type'),
      templates: [...this.byTemplate.values()]
        .filter(({ sum }) => !sum.isEmpty)
        .map(({ key: { channel, type, template }, sum }) => ({
          template: template === '' ? BUILT_IN_TEMPLATE : template,
          channel,
          type,
          ...breakdown(sum),
        }))
        .sort(busiestFirst),
      roles: listed(this.byRole, 'role'),
    };
  }

  /** Of what went out on channels that tell: the inbox always does, the others where one of theirs was told of. */
  private answeredShare(what: 'opened' | 'clicked'): number | null {
    const telling = [...this.byChannel].filter(
      ([channel, sum]) => sum[what] > 0 || (what === 'opened' && channel === 'in_app'),
    );
    const of = (name: 'sent' | 'opened' | 'clicked') => telling.reduce((all, [, sum]) => all + sum[name], 0);
    return share(of(what), of('sent'));
  }

  private failurePatterns() {
    return [...this.patterns.values()]
      .flatMap(({ channel, sum }) =>
        sum.failures.map(({ reason, provider, count }) => ({
          failure_reason: reason,
          channel,
          provider,
          count,
          share: share(count, this.total.failed) ?? 0,
        })),
      )
      .sort((one, other) => other.count - one.count || (one.channel < other.channel ? -1 : 1));
  }

  /** By local day, and by local weekday and hour. */
  private courses(zone: string) {
    const heatmap = Array.from({ length: DAYS_A_WEEK }, () => new Array<number>(HOURS_A_DAY).fill(0));
    const days = new Map<string, SeriesValues>();
    this.series.sent.forEach((sent, at) => {
      const local = localTime(this.period.fromMs + at * SLOT_MS, zone);
      const day = days.get(local.date) ?? { sent: 0, failed: 0, opened: 0, latencyMs: 0 };
      days.set(local.date, day);
      for (const name of ['sent', 'failed', 'opened', 'latencyMs'] as const) {
        day[name] += this.series[name][at] ?? 0;
      }
      const row = heatmap[local.weekday];
      if (row && sent !== 0) row[local.hour] = (row[local.hour] ?? 0) + sent;
    });
    return {
      activity_heatmap: heatmap,
      daily: [...days].map(([date, { sent, failed, opened, latencyMs }]) => ({
        date,
        sent,
        failed,
        opened,
        success_rate: share(sent, sent + failed),
        average_latency_ms: sent === 0 ? null : latencyMs / sent,
      })),
    };
  }
}

function sumIn(sums: Map<string, Sum>, name: string): Sum {
  const known = sums.get(name) ?? new Sum();
  sums.set(name, known);
  return known;
}

/** Parts of what was sent, each under `name`, the busiest first. */
function listed<const Name extends string>(sums: ReadonlyMap<string, Sum>, name: Name) {
  return [...sums]
    .filter(([, sum]) => !sum.isEmpty)
    .map(([value, sum]) => ({ ...({ [name]: value } as Record<Name, string>), ...breakdown(sum) }))
    .sort(busiestFirst);
}

/** How one part of what was sent did. */
function breakdown(sum: Sum) {
  const { sent, failed, opened, clicked } = sum;
  return {
    sent,
    failed,
    success_rate: share(sent, sent + failed),
    average_latency_ms: average(sum),
    latency_ms: percentiles(sum),
    open_rate: share(opened, sent),
    click_rate: share(clicked, sent),
  };
}

function busiestFirst(
  one: { sent: number; failed: number },
  other: { sent: number; failed: number },
): number {
  return other.sent + other.failed - one.sent - one.failed;
}

function percentiles({ latency }: Sum) {
  const at = (share: number) => percentileOf(latency, share) ?? null;
  return { p50: at(0.5), p95: at(0.95), p99: at(0.99) };
}

function average({ latencyMs, sent }: Sum): number | null {
  return share(latencyMs, sent);
}

/** Null of nothing. */
function share(part: number, whole: number): number | null {
  return whole === 0 ? null : part / whole;
}

/** The date, the hour, and the weekday from Monday (0) on. */
function localTime(ms: number, zone: string): { date: string; hour: number; weekday: number } {
  const wall = new Date(zoneClock(zone)?.wallAt(ms) ?? ms);
  return {
    date: wall.toISOString().slice(0, 10),
    hour: wall.getUTCHours(),
    weekday: (wall.getUTCDay() + 6) % DAYS_A_WEEK,
  };
}
