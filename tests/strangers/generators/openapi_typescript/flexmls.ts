// Adds, reads and lists a contact by the types that openapi-typescript makes.
import assert from "node:assert/strict";
import { argv } from "node:process";
import createClient from "openapi-fetch";
import type { paths } from "./types";

const [url, token, mark] = argv.slice(2);
const service = createClient<paths>({ baseUrl: url, headers: { Authorization: `Bearer ${token}` } });

async function main(): Promise<void> {
  const contact = { DisplayName: mark, PrimaryEmail: `${mark}@example.com`, Tag: [mark] };
  const created = await service.POST("/v1/contacts", { body: { D: { Contacts: [contact] } } });
  assert.equal(created.data?.D.Success, true);

  const tagged = await service.GET("/v1/contacts/tags/{Tag}", { params: { path: { Tag: mark } } });
  const Id = tagged.data?.D.Results?.[0].Id ?? "";
  const found = await service.GET("/v1/contacts/{Id}", { params: { path: { Id } } });
  assert.equal(found.data?.D.Results?.[0].DisplayName, mark);
  assert.deepEqual(found.data?.D.Results?.[0].Tags, [mark]);

  const page = await service.GET("/v1/contacts", { params: { query: { _limit: 1 } } });
  assert.equal(page.data?.D.Results?.length, 1);

  const missing = await service.GET("/v1/contacts/{Id}", { params: { path: { Id: "1" } } });
  assert.equal(missing.error?.D.Code, 404);
}

main().catch((error) => {
  console.error(error);
  process.exit(1);
});
