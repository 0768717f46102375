// Creates, reads and updates a contact by the types that openapi-typescript makes.
import assert from "node:assert/strict";
import { argv } from "node:process";
import createClient from "openapi-fetch";
import type { paths } from "./types";

const [url, key, mark] = argv.slice(2);
const service = createClient<paths>({ baseUrl: url, headers: { apiKey: key } });

async function main(): Promise<void> {
  const named = { type: "INDIVIDUAL", firstName: "Ada", lastName: mark } as const;
  const created = await service.POST("/contacts", {
    body: { ...named, emails: [{ address: `${mark}@example.com`, type: "MAIN" }] },
  });
  assert.ok(created.data);
  const params = { path: { contactId: created.data.contactId } };

  const found = await service.GET("/contacts/{contactId}", { params });
  assert.equal(found.data?.lastName, mark);
  assert.equal(found.data?.emails?.[0].address, `${mark}@example.com`);

  await service.POST("/contacts/{contactId}", { params, body: { ...named, occupation: "Mathematician" } });
  assert.equal((await service.GET("/contacts/{contactId}", { params })).data?.occupation, "Mathematician");

  const nobody = await service.POST("/contacts", { body: { type: "INDIVIDUAL" } });
  assert.equal(nobody.error?.errors?.length, 1);
}

main().catch((error) => {
  console.error(error);
  process.exit(1);
});
