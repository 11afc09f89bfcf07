import { z } from 'zod';
import { CarillonError } from '../../contracts/errors.js';
import { externalId } from '../../contracts/primitives.js';
import { topicChange } from '../../contracts/topics.js';
import { route } from '../route.js';
import { pageOf, paging } from '../schemas.js';

const tag = 'topics';
const params = z.object({ topic: externalId });
const query = z.strictObject(paging);

const changeMembers = route({
  method: 'put',
  path: '/v1/topics/{topic}/members',
  tag,
  summary: 'Add people to a topic and remove others; harmless when repeated',
  access: 'sender',
  params,
  body: topicChange,
  answers: {
    200: {
      description: 'how many were not members before, and how many were',
      schema: z.object({ added: z.number().int(), removed: z.number().int() }),
    },
  },
  async handle({ tenantId, params, body }, deps) {
    return { status: 200, body: await deps.models.topicMembers.change(tenantId, params.topic, body) };
  },
});

const listMembers = route({
  method: 'get',
  path: '/v1/topics/{topic}/members',
  tag,
  summary: 'List a topic’s members by ID',
  access: 'sender',
  params,
  query,
  answers: {
    200: {
      description: 'a page',
      schema: pageOf(z.object({ recipient: z.string(), addedAt: z.iso.datetime() })),
    },
  },
  async handle({ tenantId, params, query }, deps) {
    return { status: 200, body: await deps.models.topicMembers.list(tenantId, params.topic, query) };
  },
});

const list = route({
  method: 'get',
  path: '/v1/topics',
  tag,
  summary: 'List topics with how many members each has, counted up to 1,000',
  access: 'sender',
  query,
  answers: {
    200: {
      description: 'a page',
      schema: pageOf(z.object({ topic: z.string(), members: z.number().int(), capped: z.boolean() })),
    },
  },
  async handle({ tenantId, query }, deps) {
    return { status: 200, body: await deps.models.topicMembers.topics(tenantId, query) };
  },
});

const mine = route({
  method: 'get',
  path: '/v1/me/topics',
  tag: 'me',
  summary: 'The topics that the person is in: what there is to mute',
  access: 'person',
  query,
  answers: {
    200: {
      description: 'a page',
      schema: pageOf(z.object({ topic: z.string(), addedAt: z.iso.datetime() })),
    },
  },
  async handle({ tenantId, recipientId, query }, deps) {
    return { status: 200, body: await deps.models.topicMembers.pageOf(tenantId, recipientId, query) };
  },
});

const remove = route({
  method: 'delete',
  path: '/v1/topics/{topic}',
  tag,
  summary: 'Delete a topic: nobody is in it any more',
  access: 'manager',
  audit: 'topic.deleted',
  params,
  answers: { 204: { description: 'deleted' } },
  async handle({ tenantId, params }, deps) {
    const members = await deps.models.topicMembers.remove(tenantId, params.topic);
    if (members === 0) throw new CarillonError('not_found', `there is no topic "${params.topic}"`);
    return { status: 204, audited: { subject: params.topic, before: { members } } };
  },
});

export const topicRoutes = [list, changeMembers, listMembers, remove, mine];
