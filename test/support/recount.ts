import type { ChannelName } from '../../contracts/channels.js';
import type { DeliveryRow } from '../../models/delivery-schema.js';

/** What a test says of a delivery; the rest is made up. */
export interface DeliveryFacts {
  ageMinutes?: number;
  createdAt?: Date;
  recipientId?: string;
  channel?: ChannelName;
  type?: string;
  template?: string | undefined;
  roles?: string[];
  status?: DeliveryRow['status'];
  latencyMs?: number;
  openedAt?: Date;
  clickedAt?: Date;
  purgeAt?: Date;
}

/** A row of the log as the engine would have written it. */
export function delivery(tenantId: string, id: string, facts: DeliveryFacts = {}): DeliveryRow {
  const createdAt = facts.createdAt ?? new Date(Date.now() - (facts.ageMinutes ?? 0) * 60_000);
  const status = facts.status ?? 'sent';
  return {
    _id: `${tenantId}/${id}`,
    tenantId,
    id,
    notificationId: id,
    recipientId: facts.recipientId ?? 'u-1',
    type: facts.type ?? 'mention',
    ...(facts.template === undefined ? {} : { template: facts.template }),
    ...(facts.roles?.length ? { roles: facts.roles } : {}),
    channel: facts.channel ?? 'email',
    targetHash: 'x',
    target: 'x',
    status,
    provider: 'smtp',
    retryCount: 0,
    ...(status === 'failed' ? { failureReason: 'provider_error' as const } : {}),
    attempts: [],
    createdAt,
    updatedAt: createdAt,
    ...(facts.openedAt === undefined ? {} : { openedAt: facts.openedAt }),
    ...(facts.clickedAt === undefined ? {} : { clickedAt: facts.clickedAt }),
    sentAt: new Date(createdAt.getTime() + (facts.latencyMs ?? 100)),
    purgeAt: facts.purgeAt ?? new Date(createdAt.getTime() + 90 * 86_400_000),
  };
}

interface Asked {
  channel?: ChannelName;
  type?: string;
  template?: string;
  role?: string;
}

/** The figures of analytics, counted one delivery after the other with nothing but arithmetic. */
export function recount(
  all: readonly DeliveryRow[],
  period: { fromMs: number; toMs: number },
  zone: string,
  asked: Asked = {},
) {
  const rows = all.filter(
    (row) =>
      row.createdAt.getTime() >= period.fromMs &&
      row.createdAt.getTime() < period.toMs &&
      (asked.channel === undefined || row.channel === asked.channel) &&
      (asked.type === undefined || row.type === asked.type) &&
      (asked.template === undefined || (row.template ?? '') === asked.template) &&
      (asked.role === undefined || (row.roles ?? []).includes(asked.role)),
  );
  const isSent = ({ status }: DeliveryRow) => status === 'sent' || status === 'delivered';
  const isFailed = ({ status }: DeliveryRow) => status === 'failed' || status === 'bounced';
  const sent = rows.filter(isSent);
  const failed = rows.filter(isFailed);
  const share = (part: number, whole: number) => (whole === 0 ? null : part / whole);
  const latency = (row: DeliveryRow) =>
    Math.max(0, (row.sentAt ?? row.createdAt).getTime() - (row.dueAt ?? row.createdAt).getTime());
  const average = (some: DeliveryRow[]) =>
    share(
      some.reduce((sum, row) => sum + latency(row), 0),
      some.length,
    );
  const isOpened = ({ openedAt, clickedAt, repliedAt }: DeliveryRow) =>
    Boolean(openedAt ?? clickedAt ?? repliedAt);
  const channels = [...new Set(sent.map(({ channel }) => channel))];
  const of = (channel: ChannelName) => sent.filter((row) => row.channel === channel);
  const opening = channels.filter((channel) => channel === 'in_app' || of(channel).some(isOpened));
  const clicking = channels.filter((channel) => of(channel).some(({ clickedAt }) => clickedAt));
  const among = (some: ChannelName[], is: (row: DeliveryRow) => boolean) => {
    const theirs = sent.filter(({ channel }) => some.includes(channel));
    return share(theirs.filter(is).length, theirs.length);
  };

  const local = (row: DeliveryRow) => {
    const parts = new Intl.DateTimeFormat('en-CA', {
      timeZone: zone,
      year: 'numeric',
      month: '2-digit',
      day: '2-digit',
      hour: '2-digit',
      hourCycle: 'h23',
      weekday: 'short',
    }).formatToParts(row.createdAt);
    const part = (type: string) => parts.find((one) => one.type === type)?.value ?? '';
    return {
      date: `${part('year')}-${part('month')}-${part('day')}`,
      hour: Number(part('hour')),
      weekday: ['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun'].indexOf(part('weekday')),
    };
  };
  const heatmap = Array.from({ length: 7 }, () => new Array<number>(24).fill(0));
  for (const row of sent) {
    const { weekday, hour } = local(row);
    const hours = heatmap[weekday];
    if (hours) hours[hour] = (hours[hour] ?? 0) + 1;
  }
  const byDate = (some: DeliveryRow[], date: string) => some.filter((row) => local(row).date === date);
  const dates = new Set<string>();
  for (let ms = period.fromMs; ms < period.toMs; ms += 900_000) {
    dates.add(local({ createdAt: new Date(ms) } as DeliveryRow).date);
  }
  const breakdown = (some: DeliveryRow[]) => ({
    sent: some.filter(isSent).length,
    failed: some.filter(isFailed).length,
    average_latency_ms: average(some.filter(isSent)),
    open_rate: share(some.filter((row) => isSent(row) && isOpened(row)).length, some.filter(isSent).length),
  });
  const grouped = (groupsOf: (row: DeliveryRow) => string[]) => {
    const ended = rows.filter((row) => isSent(row) || isFailed(row));
    const names = [...new Set(ended.flatMap(groupsOf))];
    return Object.fromEntries(
      names.map((name) => [name, breakdown(ended.filter((row) => groupsOf(row).includes(name)))]),
    );
  };
  return {
    total_sent: sent.length,
    total_failed: failed.length,
    success_rate: share(sent.length, sent.length + failed.length),
    average_latency_ms: average(sent),
    open_rate: among(opening, isOpened),
    click_rate: among(clicking, ({ clickedAt }) => clickedAt !== undefined),
    channel_usage: Object.fromEntries(channels.map((channel) => [channel, of(channel).length])),
    activity_heatmap: heatmap,
    daily: [...dates].map((date) => ({
      date,
      sent: byDate(sent, date).length,
      failed: byDate(failed, date).length,
      opened: byDate(sent, date).filter(isOpened).length,
      average_latency_ms: average(byDate(sent, date)),
    })),
    channels: grouped(({ channel }) => [channel]),
    types: grouped(({ type }) => [type]),
    templates: grouped(({ template, channel, type }) => [`${template ?? 'built_in'} ${channel} ${type}`]),
    roles: grouped(({ roles = [] }) =>
      roles.filter((role) => asked.role === undefined || role === asked.role),
    ),
    failures: Object.fromEntries(
      [...new Set(failed.map(failureOf))].map((name) => [
        name,
        failed.filter((row) => failureOf(row) === name).length,
      ]),
    ),
    latencies: sent.map(latency).sort((one, other) => one - other),
  };
}

function failureOf({ failureReason, channel, provider }: DeliveryRow): string {
  return `${failureReason} ${channel} ${provider}`;
}
