import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client';
import type { Logger } from '../logger.js';
import {
  metricTable,
  type CounterName,
  type GaugeName,
  type HistogramName,
  type Labels,
  type MetricName,
} from './table.js';

/** One value of a gauge. */
export interface Sample<Name extends GaugeName = GaugeName> {
  labels: Labels<Name>;
  value: number;
}

type Read<Name extends GaugeName> = () => Iterable<Sample<Name>> | Promise<Iterable<Sample<Name>>>;

/** So long a figure may take to read; without an answer by then it is left out, in milliseconds. */
const READ_MS = 4_000;

/**
 * The figures of one process, in Prometheus' form. Counting is an addition in memory and never fails; what has to be read
 * from somewhere is read when it is asked for.
 */
export class Metrics {
  private readonly registry = new Registry();
  private readonly counters = new Map<MetricName, Counter>();
  private readonly histograms = new Map<MetricName, Histogram>();
  private readonly gauges = new Map<MetricName, Gauge>();
  private readonly reads = new Map<GaugeName, Read<GaugeName>[]>();
  private readonly contentTypeOfText = Registry.PROMETHEUS_CONTENT_TYPE;

  /** @param log told, at `debug`, of figures that cannot be read. */
  constructor(private readonly log?: Pick<Logger, 'debug'>) {
    for (const [name, definition] of Object.entries(metricTable)) {
      const { help, labels, kind } = definition;
      const options = { name, help, labelNames: [...labels], registers: [this.registry] };
      const of = name as MetricName;
      if (kind === 'counter') this.counters.set(of, new Counter(options));
      else if (kind === 'gauge') {
        const gauge = new Gauge(options);
        this.gauges.set(of, gauge);
        unset(gauge, of);
      } else this.histograms.set(of, new Histogram({ ...options, buckets: [...definition.buckets] }));
    }
  }

  /** Adds Node's own figures: memory, CPU, the event loop. For a process of its own, once. */
  withProcessFigures(): this {
    collectDefaultMetrics({ register: this.registry });
    return this;
  }

  count<Name extends CounterName>(name: Name, labels: Labels<Name>, by = 1): void {
    this.counters.get(name)?.inc(labels, by);
  }

  /** @param seconds that something took. */
  time<Name extends HistogramName>(name: Name, labels: Labels<Name>, seconds: number): void {
    this.histograms.get(name)?.observe(labels, Math.max(0, seconds));
  }

  /** Reads a gauge's values whenever the figures are asked for. Several may read parts of the same one. */
  observe<Name extends GaugeName>(name: Name, read: Read<Name>): void {
    const known = this.reads.get(name) ?? [];
    this.reads.set(name, [...known, read as unknown as Read<GaugeName>]);
  }

  get contentType(): string {
    return this.contentTypeOfText;
  }

  /** The names of all figures, those of the process too where there are some. */
  names(): string[] {
    return this.registry.getMetricsAsArray().map(({ name }) => name);
  }

  /** All figures as text. What cannot be read in time is left out, and counted. */
  async text(): Promise<string> {
    await Promise.all([...this.reads].map(([name, reads]) => this.read(name, reads)));
    return this.registry.metrics();
  }

  private async read(name: GaugeName, reads: readonly Read<GaugeName>[]): Promise<void> {
    const gauge = this.gauges.get(name);
    if (!gauge) return;
    const samples = await Promise.all(
      reads.map(async (read) => {
        try {
          return [...(await inTime(read))];
        } catch (error) {
          this.count('carillon_sample_failures_total', { source: name });
          this.log?.debug({ metric: name, err: error }, 'figure not read');
          return [];
        }
      }),
    );
    gauge.reset();
    unset(gauge, name);
    for (const { labels, value } of samples.flat()) gauge.set(labels, value);
  }
}

/** Without labels a gauge says 0 from the start, which is not what one means that nobody has read. */
function unset(gauge: Gauge, name: MetricName): void {
  if (metricTable[name].labels.length === 0) gauge.remove();
}

async function inTime<T>(read: () => T | Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new Error(`not read within ${READ_MS} ms`)), READ_MS);
  });
  try {
    return await Promise.race([read(), late]);
  } finally {
    clearTimeout(timer);
  }
}
