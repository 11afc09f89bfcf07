/** `hr-events,orders=acme`: topics to read; one that belongs to a single tenant names it. */
export function parseKafkaTopics(text: string): ReadonlyMap<string, string | null> {
  const topics = new Map<string, string | null>();
  for (const entry of text.split(',').map((part) => part.trim())) {
    if (entry === '') continue;
    const [, topic, tenant] = /^([\w.-]{1,249})(?: ?= ?([A-Za-z0-9][\w.-]{0,62}))?$/.exec(entry) ?? [];
    if (topic === undefined)
      throw new TypeError('must be like hr-events,orders=acme: topics, each with its tenant or none');
    topics.set(topic, tenant ?? null);
  }
  return topics;
}
