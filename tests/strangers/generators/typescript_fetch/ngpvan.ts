// Creates, reads and updates a contact through the client that openapi-generator makes.
import assert from "node:assert/strict";
import { argv } from "node:process";
import { Configuration, ContactsApi, EmailType, ResponseError } from "./client";

const [url, key, mark] = argv.slice(2);
const service = new ContactsApi(new Configuration({ basePath: url, apiKey: key }));

async function main(): Promise<void> {
  const emails = [{ address: `${mark}@example.com`, type: EmailType.Main }];
  const sent = { type: "INDIVIDUAL", firstName: "Ada", lastName: mark, emails } as const;
  const { contactId } = await service.createContact({ newContact: { ...sent, emails } });

  const found = await service.readContact({ contactId });
  assert.equal(found.lastName, mark);
  assert.equal(found.emails?.[0].address, `${mark}@example.com`);

  const change = { type: "INDIVIDUAL", firstName: "Ada", lastName: mark, occupation: "Mathematician" } as const;
  await service.updateContact({ contactId, contactChange: change });
  assert.equal((await service.readContact({ contactId })).occupation, "Mathematician");

  const firm = { type: "ORGANIZATION", commonName: `${mark} Engines` } as const;
  assert.ok((await service.createContact({ newContact: firm })).contactId);

  const nobody = service.createContact({ newContact: { type: "INDIVIDUAL" } });
  await assert.rejects(nobody, (e) => e instanceof ResponseError && e.response.status === 400);
}

main().catch((error) => {
  console.error(error);
  process.exit(1);
});
