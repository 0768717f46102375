// Creates, reads, lists, changes and removes a contact by the types that openapi-typescript makes.
import assert from "node:assert/strict";
import { argv } from "node:process";
import createClient from "openapi-fetch";
import type { paths } from "./types";

const [url, token, mark] = argv.slice(2);
const service = createClient<paths>({ baseUrl: url, headers: { Authorization: `Bearer ${token}` } });

async function main(): Promise<void> {
  const body = { first_name: "Ada", company: mark, created_at: "2016-07-01T12:12:11.000Z", hotness_id: 12 };
  const created = await service.POST("/contacts", { body });
  assert.ok(created.data);
  const params = { path: { id: String(created.data.id) } };

  const found = await service.GET("/contacts/{id}", { params });
  assert.equal(found.data?.first_name, "Ada");
  assert.equal(found.data?.created_at, "2016-07-01T12:12:11.000Z");

  const query = { company: mark, $limit: 5, "$sort[first_name]": 1 } as const;
  const page = await service.GET("/contacts", { params: { query } });
  assert.equal(page.data?.total, 1);
  assert.deepEqual(page.data?.data.map((c) => c.id), [created.data.id]);
  const some = { "company[$in]": [mark, "Analytical Engines"] };
  assert.equal((await service.GET("/contacts", { params: { query: some } })).data?.total, 1);

  const changed = await service.PATCH("/contacts/{id}", { params, body: { last_name: "Byron" } });
  assert.equal(changed.data?.last_name, "Byron");

  await service.DELETE("/contacts/{id}", { params });
  assert.equal((await service.GET("/contacts/{id}", { params })).response.status, 404);
}

main().catch((error) => {
  console.error(error);
  process.exit(1);
});
