const DAY_MS = 86_400_000;
const DAYS = 30;

/** What `GET /v1/analytics` might answer of a busy month, the same every time. */
export function figures(nowMs = Date.now()) {
  const daily = Array.from({ length: DAYS }, (_, at) => {
    const day = new Date(nowMs - (DAYS - 1 - at) * DAY_MS);
    const isWeekend = [0, 6].includes(day.getUTCDay());
    const sent = Math.round((isWeekend ? 900 : 4200) * (1 + 0.25 * Math.sin(at * 1.7)));
    const failed = Math.round(sent * (at === 19 ? 0.11 : 0.006 + 0.004 * Math.abs(Math.sin(at))));
    return {
      date: day.toISOString().slice(0, 10),
      sent,
      failed,
      opened: Math.round(sent * 0.4),
      success_rate: sent / (sent + failed),
      average_latency_ms: 140 + 60 * Math.abs(Math.sin(at * 0.8)) + (at === 19 ? 900 : 0),
    };
  });
  const sum = (name: 'sent' | 'failed') => daily.reduce((all, day) => all + day[name], 0);
  const [sent, failed] = [sum('sent'), sum('failed')];
  const part = (share: number, failing: number, p50: number) => ({
    sent: Math.round(sent * share),
    failed: Math.round(failed * failing),
    success_rate: 1 - (failed * failing) / (sent * share + failed * failing),
    average_latency_ms: p50 * 1.4,
    latency_ms: { p50, p95: p50 * 4, p99: p50 * 11 },
    open_rate: 0.42,
    click_rate: 0.11,
  });
  const pattern = (failure_reason: string, channel: string, provider: string, share: number) => ({
    failure_reason,
    channel,
    provider,
    count: Math.round(failed * share),
    share,
  });
  return {
    from: new Date(nowMs - DAYS * DAY_MS).toISOString(),
    to: new Date(nowMs).toISOString(),
    timezone: 'Europe/Paris',
    as_of: new Date(nowMs - 40_000).toISOString(),
    total_sent: sent,
    total_failed: failed,
    success_rate: sent / (sent + failed),
    average_latency_ms: 180,
    latency_ms: { p50: 96, p95: 640, p99: 2300, relative_error: 0.01 },
    open_rate: 0.42,
    click_rate: 0.11,
    channel_usage: {},
    failure_patterns: [
      pattern('network_error', 'email', 'smtp', 0.52),
      pattern('invalid_recipient', 'email', 'smtp', 0.27),
      pattern('rate_limited', 'sms', 'twilio', 0.21),
    ],
    activity_heatmap: Array.from({ length: 7 }, (_, weekday) =>
      Array.from({ length: 24 }, (_, hour) => {
        const office = Math.max(0, 1 - Math.abs(hour - 13) / 7);
        return Math.round((weekday > 4 ? 60 : 340) * office * (hour === 9 ? 1.6 : 1));
      }),
    ),
    daily,
    channels: [
      { channel: 'in_app', ...part(0.55, 0, 35) },
      { channel: 'email', ...part(0.36, 0.79, 210) },
      { channel: 'sms', ...part(0.09, 0.21, 480) },
    ],
    types: [
      { type: 'approval_request', ...part(0.5, 0.4, 90) },
      { type: 'contract_updated', ...part(0.3, 0.4, 110) },
      { type: 'mention', ...part(0.2, 0.2, 70) },
    ],
    templates: [
      { template: 'built_in', channel: 'in_app', type: 'mention', ...part(0.7, 0.3, 60) },
      { template: 'tpv_01JDXK3', channel: 'email', type: 'approval_request', ...part(0.3, 0.7, 230) },
    ],
    roles: [{ role: 'manager', ...part(0.6, 0.5, 95) }],
  };
}
