import express, { Router } from 'express';
import { pagePolicy } from '../page-policy.js';
import { builtWebFolder } from '../web-files.js';
import { ownOrigin } from './only-from-here.js';

/** The page itself: its document, its style and its script. */
export function demoPage(folder = `${builtWebFolder}/demo`): Router {
  const router = Router();
  router.use((request, response, next) => {
    response.set({
      'Cache-Control': 'no-cache',
      // Not every browser takes sockets to the same server for 'self'.
      'Content-Security-Policy': pagePolicy([ownOrigin(request).replace(/^http/, 'ws')]),
    });
    next();
  });
  router.get('/', (_request, response) =>
    response.sendFile('index.html', { root: folder, cacheControl: false }),
  );
  router.use(express.static(folder, { index: false, redirect: false, cacheControl: false }));
  return router;
}
