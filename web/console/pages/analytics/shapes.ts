// `GET /v1/analytics`, as far as the page shows it.
import type { FailurePattern } from '../../calls/shapes.js';
import { duration } from '../../parts/time.js';

export interface Latency {
  p50: number | null;
  p95: number | null;
  p99: number | null;
}

export interface Breakdown {
  sent: number;
  failed: number;
  success_rate: number | null;
  average_latency_ms: number | null;
  latency_ms: Latency;
  open_rate: number | null;
  click_rate: number | null;
}

export interface Day {
  /** `2026-12-04`, in the figures' time zone. */
  date: string;
  sent: number;
  failed: number;
  success_rate: number | null;
  average_latency_ms: number | null;
}

export interface Analytics {
  from: string;
  to: string;
  timezone: string;
  as_of: string | null;
  total_sent: number;
  total_failed: number;
  success_rate: number | null;
  average_latency_ms: number | null;
  latency_ms: Latency;
  open_rate: number | null;
  click_rate: number | null;
  failure_patterns: FailurePattern[];
  /** By weekday from Monday on, and by hour. */
  activity_heatmap: number[][];
  daily: Day[];
  channels: ({ channel: string } & Breakdown)[];
  types: ({ type: string } & Breakdown)[];
  templates: ({ template: string; channel: string; type: string } & Breakdown)[];
  roles: ({ role: string } & Breakdown)[];
}

/** `98.7 %`; a dash of nothing. What is not whole is not shown as whole. */
export function percent(share: number | null, lang: string): string {
  if (share === null) return '–';
  const floored = Math.floor(share * 1000) / 1000;
  return new Intl.NumberFormat(lang, { style: 'percent', maximumFractionDigits: 1 }).format(floored);
}

/** `1.2 s`; a dash of nothing. */
export function latency(ms: number | null, lang: string): string {
  return ms === null ? '–' : duration(ms, lang);
}
