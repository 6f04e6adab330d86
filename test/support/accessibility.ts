import axe from 'axe-core';
import type { Frame, Page } from 'playwright-core';

/** What axe-core finds in a page: how bad it is, the rule that is broken, and where. Pages inside the page are not ours. */
export const violationsOn = async (page: Page | Frame): Promise<readonly string[]> => {
  await page.evaluate(axe.source);
  return await page.evaluate(async () => {
    const { axe: checker } = globalThis as unknown as { readonly axe: typeof axe };
    const { violations } = await checker.run(document, { resultTypes: ['violations'], iframes: false });
    return violations.map(({ id, impact, nodes }) => `${impact} ${id}: ${nodes.map(({ html }) => html.slice(0, 200)).join(' ')}`);
  });
};

/** Those that keep somebody out. */
export const seriousViolationsOn = async (page: Page | Frame): Promise<readonly string[]> =>
  (await violationsOn(page)).filter((violation) => /^(?:serious|critical) /.test(violation));
