import assert from 'node:assert/strict';
import type { Page } from 'playwright-core';
import { openBrowser, picture, signIn, typeLine } from './browser.ts';

/**
 * The main job as a person does it in a browser, by typing and clicking: a VM is created (its template built first), looked at, and destroyed after
 * a second person's approval. Pictures go to `dir`. `limitMs` is for the longest wait.
 */
export async function mainJobInBrowser(url: string, dir: string, limitMs: number): Promise<void> {
  const browser = await openBrowser();
  try {
    const ana = await signIn(browser, url, 'Ana');
    await picture(ana, dir, 'empty');

    const prompt = ana.getByRole('combobox', { name: 'Command' });
    await prompt.pressSequentially('/vm cr');
    await ana.getByRole('option', { name: /\/vm create/ }).waitFor();
    await picture(ana, dir, 'completion');
    await typeLine(ana, '/vm create k8s-dev medium');
    await ana.getByRole('button', { name: 'Build it, then create' }).click();
    const running = ana.getByRole('listitem').filter({ hasText: 'create k8s-dev' }).filter({ hasText: 'Wait for SSH' });
    await running.first().waitFor({ timeout: limitMs });
    await picture(ana, dir, 'running');

    await ana.getByRole('heading', { name: 'k8s-dev is ready' }).waitFor({ timeout: limitMs });
    await ana
      .getByText(/^ssh .*@10\.77\.0\./)
      .first()
      .waitFor();
    await ana
      .getByRole('button', { name: /in the thread/ })
      .first()
      .click();
    await ana
      .locator('#thread')
      .getByText(/creating a clone of VM/)
      .first()
      .waitFor();
    await picture(ana, dir, 'ready');
    await ana.getByRole('button', { name: 'Close the thread' }).click();

    await typeLine(ana, '/vm craete k8s-two');
    await ana.getByText('Did you mean create?').first().waitFor();
    await picture(ana, dir, 'did-you-mean');

    await typeLine(ana, '/vm create');
    await ana.getByRole('dialog').getByLabel('Name').fill('k8s-two');
    await picture(ana, dir, 'form');
    await ana.keyboard.press('Escape');
    await ana.getByRole('button', { name: 'Home' }).click();
    await ana.locator('#home').getByText('Start something').waitFor();
    await picture(ana, dir, 'home');
    await ana.getByRole('button', { name: 'Home' }).click();

    const ben = await signIn(browser, url, 'Ben', { dark: true });
    await typeLine(ana, '/vm destroy k8s-dev');
    await ben.getByRole('button', { name: 'Approve' }).waitFor();
    await picture(ben, dir, 'approval');
    await approve(ana);
    await ana.getByText('somebody else must approve it').first().waitFor();
    await approve(ben);
    await ben.getByRole('heading', { name: /k8s-dev \(VM \d+\) is gone/ }).waitFor({ timeout: limitMs });
    await picture(ben, dir, 'gone');
    assert.equal(await ben.getByRole('button', { name: 'Approve' }).count(), 0);

    const phone = await signIn(browser, url, 'Ana', { width: 390 });
    await phone.getByRole('heading', { name: /is gone/ }).waitFor();
    await picture(phone, dir, 'phone');
  } finally {
    await browser.close();
  }
}

/** Presses Approve, and once more when asked. */
async function approve(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Approve' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Approve' }).click();
}
