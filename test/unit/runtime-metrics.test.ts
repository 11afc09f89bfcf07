import { readFile } from 'node:fs/promises';
import { parse } from 'yaml';
import { describe, expect, it } from 'vitest';
import { Metrics } from '../../runtime/metrics/metrics.js';
import { sampled } from '../../runtime/metrics/sampled.js';
import { metricTable } from '../../runtime/metrics/table.js';
import { mayScrape } from '../../runtime/metrics/token.js';

/** Every name of a series that a process can have: a histogram has three. */
const series = new Set(
  new Metrics()
    .withProcessFigures()
    .names()
    .flatMap((name) => [name, ...['bucket', 'count', 'sum'].map((part) => `${name}_${part}`)]),
);

const labelsOf = (name: string): readonly string[] | undefined => {
  const found = Object.entries(metricTable).find(([own]) => name.replace(/_(bucket|count|sum)$/, '') === own);
  return found?.[1].labels;
};

/** The series that an expression names, and the labels that it asks of them or groups by. */
function namesIn(expression: string): { names: string[]; labels: string[] } {
  const names = [...expression.matchAll(/\b(?:carillon|nodejs|process)_\w+/g)].map(([name]) => name);
  const grouped = [...expression.matchAll(/\bby \(([^)]*)\)/g)].flatMap(([, list = '']) => list.split(','));
  const asked = [...expression.matchAll(/[{,]\s*(\w+)\s*(?:=~?|!=|!~)/g)].map(([, label = '']) => label);
  return { names, labels: [...grouped, ...asked].map((label) => label.trim()) };
}

function expectKnown(expression: string): void {
  const { names, labels } = namesIn(expression);
  expect(names.length, expression).toBeGreaterThan(0);
  expect(
    names.filter((name) => !series.has(name)),
    expression,
  ).toEqual([]);
  const own = new Set(['le', 'job', 'instance', ...names.flatMap((name) => labelsOf(name) ?? [])]);
  expect(
    labels.filter((label) => !own.has(label)),
    expression,
  ).toEqual([]);
}

interface Panel {
  type: string;
  title: string;
  targets?: { expr: string; legendFormat: string }[];
}

it('every expression of the dashboard asks for figures and labels that there are', async () => {
  const { panels } = JSON.parse(await readFile('docs/deploy/grafana/carillon.json', 'utf8')) as {
    panels: Panel[];
  };
  const targets = panels.flatMap((panel) => panel.targets ?? []);
  expect(targets.length).toBeGreaterThan(20);
  for (const { expr } of targets) expectKnown(expr);
});

it('so does every alert', async () => {
  const { groups } = parse(await readFile('docs/deploy/prometheus/carillon.rules.yml', 'utf8')) as {
    groups: { rules: { alert: string; expr: string; labels: { severity: string } }[] }[];
  };
  const rules = groups.flatMap((group) => group.rules);
  expect(rules.length).toBeGreaterThan(5);
  for (const { expr, labels } of rules) {
    expectKnown(expr);
    expect(['page', 'ticket']).toContain(labels.severity);
  }
});

it('the dashboard shows every figure of Carillon’s own', async () => {
  const dashboard = await readFile('docs/deploy/grafana/carillon.json', 'utf8');
  const missing = Object.keys(metricTable).filter((name) => !dashboard.includes(name));
  expect(missing).toEqual([]);
});

it('docs/operations.md names every figure', async () => {
  const text = await readFile('docs/operations.md', 'utf8');
  // A row that names several leaves out what they begin with alike.
  const missing = Object.keys(metricTable).filter(
    (name) => !text.includes(name) && !text.includes(`…${name.replace('carillon_task_queue', '')}`),
  );
  expect(missing).toEqual([]);
});

it('no figure has a tenant or a person as a label', () => {
  const labels = Object.values(metricTable).flatMap((one) => one.labels as readonly string[]);
  expect(labels.filter((label) => /tenant|recipient|person|type|address/.test(label))).toEqual([]);
});

describe('the figures', () => {
  it('leave out what cannot be read, and count that', async () => {
    const metrics = new Metrics();
    metrics.observe('carillon_sockets', () => Promise.reject(new Error('away')));
    metrics.observe('carillon_socket_persons', () => [{ labels: {}, value: 3 }]);
    const text = await metrics.text();
    expect(text).not.toMatch(/^carillon_sockets\{/m);
    expect(text).toMatch(/^carillon_socket_persons 3$/m);
    expect(text).toContain('carillon_sample_failures_total{source="carillon_sockets"} 1');
  });

  it('forget a value that is not told any more', async () => {
    const metrics = new Metrics();
    let places = ['0', '1'];
    metrics.observe('carillon_kafka_consumer_lag', () =>
      places.map((partition) => ({ labels: { topic: 'orders', partition }, value: 5 })),
    );
    expect(await metrics.text()).toContain('partition="1"');
    places = ['0'];
    expect(await metrics.text()).not.toContain('partition="1"');
  });

  it('say nothing, rather than 0, of what is not known yet', async () => {
    const metrics = new Metrics();
    metrics.observe('carillon_housekeeping_last_success_timestamp_seconds', () => []);
    expect(await metrics.text()).not.toMatch(/^carillon_housekeeping_last_success_timestamp_seconds /m);
  });
});

describe('a figure that costs a query', () => {
  it('is read once, however many ask for it, and anew after its time', async () => {
    let reads = 0;
    const read = sampled(() => Promise.resolve(++reads), 60_000);
    expect(await Promise.all([read(), read(), read()])).toEqual([1, 1, 1]);
    const impatient = sampled(() => Promise.resolve(++reads), 0);
    expect([await impatient(), await impatient()]).toEqual([2, 3]);
  });

  it('is asked for again after it could not be read', async () => {
    let reads = 0;
    const read = sampled(() => (++reads === 1 ? Promise.reject(new Error('away')) : Promise.resolve(reads)));
    await expect(read()).rejects.toThrow('away');
    expect(await read()).toBe(2);
  });
});

describe('who may read /metrics', () => {
  const token = 'a-token-for-prometheus';
  it.each([
    [undefined, undefined, true],
    [undefined, 'Bearer whatever', true],
    [token, `Bearer ${token}`, true],
    [token, `bearer ${token}`, true],
    [token, undefined, false],
    [token, `Bearer ${token}x`, false],
    [token, `Basic ${token}`, false],
    [token, '', false],
  ])('token %s, header %s: %s', (CARILLON_METRICS_TOKEN, header, expected) => {
    expect(mayScrape({ CARILLON_METRICS_TOKEN }, header)).toBe(expected);
  });
});
