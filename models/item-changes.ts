// What happens to an item of an inbox, as updates of its row.

/** Read again, it keeps the time of the first. */
export function read(now: Date, purgeAt: Date) {
  const first = (field: string) => ({ $ifNull: [field, now] });
  return [
    { $set: { readAt: first('$readAt'), seenAt: first('$seenAt'), purgeAt, updatedAt: now } },
    { $unset: ['unread', 'unseen'] },
  ];
}

export function putAway(now: Date) {
  return {
    $set: { box: 'archive', archivedAt: now, updatedAt: now },
    $unset: { snoozedUntil: 1 },
  } as const;
}

export function takenBack(now: Date) {
  return { $set: { box: 'inbox', updatedAt: now }, $unset: { archivedAt: 1 } } as const;
}

/** Gone for the person, purged later. */
export function tombstone(now: Date, purgeAt: Date) {
  return {
    $set: { box: 'deleted', deletedAt: now, purgeAt, updatedAt: now },
    $unset: { unread: 1, unseen: 1, snoozedUntil: 1 },
  } as const;
}
