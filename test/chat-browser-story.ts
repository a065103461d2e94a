import assert from 'node:assert/strict';
import type { Browser, Page } from 'playwright-core';
import { openBrowser, picture } from './browser.ts';

/** The addresses of the emulated platforms' pages. */
export interface ChatPages {
  readonly slack: string;
  readonly discord: string;
}

/**
 * The main job as people of Slack and Discord do it in a browser: Ana creates a VM with a slash command on each, asks for its removal, and Ben approves with a
 * button. Pictures go to `dir`. `limitMs` is for the longest wait.
 */
export async function mainJobInChat({ slack, discord }: ChatPages, dir: string, limitMs: number): Promise<void> {
  const browser = await openBrowser();
  try {
    await onSlack(await open(browser, slack), dir, limitMs);
    await onDiscord(await open(browser, discord), dir, limitMs);
  } finally {
    await browser.close();
  }
}

async function open(browser: Browser, url: string): Promise<Page> {
  const page = await browser.newPage({ viewport: { width: 1280, height: 860 } });
  page.setDefaultTimeout(15_000);
  page.on('pageerror', (error) => assert.fail(error));
  await page.goto(url);
  return page;
}

async function onSlack(page: Page, dir: string, limitMs: number): Promise<void> {
  const line = page.getByPlaceholder('Message #ops, or /command');
  const send = async (text: string) => {
    await line.fill(text);
    await line.press('Enter');
  };
  await send('/vm create');
  await page.getByLabel('Name').waitFor();
  await picture(page, dir, 'slack-form');
  await page.locator('#overlay').getByRole('button', { name: 'Cancel' }).click();
  await send('/vm create k8s-dev medium --build-template');
  await page.getByText('k8s-dev is ready').waitFor({ timeout: limitMs });
  await page
    .getByText(/replies/)
    .first()
    .click();
  await page.getByText('Plan').first().waitFor();
  await picture(page, dir, 'slack-ready');
  await send('/vm destroy k8s-dev');
  await page.getByRole('button', { name: 'Approve' }).waitFor();
  await picture(page, dir, 'slack-approval');
  await page.getByText('botswain · Home').click();
  await page.getByText('Start something').waitFor();
  await picture(page, dir, 'slack-home');
  await page.locator('#sidebar').getByRole('button', { name: 'ops' }).click();
  await page.getByRole('combobox').first().selectOption({ label: 'Ben Bauer' });
  await page.getByRole('button', { name: 'Approve' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Approve' }).click();
  await page.getByText('is gone').first().waitFor({ timeout: limitMs });
}

async function onDiscord(page: Page, dir: string, limitMs: number): Promise<void> {
  const line = page.getByLabel('Message #ops');
  await line.pressSequentially('/vm cr');
  await line.press('Tab');
  await line.pressSequentially('name:web-1 size:me');
  await page.getByRole('option', { name: /medium/ }).waitFor();
  await picture(page, dir, 'discord-completion');
  await line.press('Tab');
  await line.press('Enter');
  await page.getByText('web-1 is ready').waitFor({ timeout: limitMs });
  await picture(page, dir, 'discord-ready');
  await page.getByRole('button', { name: 'Destroy' }).first().click();
  await page.getByRole('button', { name: 'Approve' }).waitFor();
  await picture(page, dir, 'discord-approval');
  await page.getByRole('button', { name: 'Be Ben' }).click();
  await page.getByRole('button', { name: 'Approve' }).first().click();
  // Discord has no dialogs: a private message asks once more.
  await page.getByText('Only you can see this').waitFor();
  await page.getByRole('button', { name: 'Approve' }).last().click();
  await page.getByText('is gone').first().waitFor({ timeout: limitMs });
}
