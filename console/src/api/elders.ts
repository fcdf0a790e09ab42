/** What a task card or an alert shows of an elder. */
export interface ElderBrief {
  id: string;
  name: string;
  tags: string[];
}

export interface ElderContact {
  name: string;
  relation: string;
  phone: string;
}

export interface ElderCard extends ElderBrief {
  sex: string;
  age: number;
  phone: string;
  address: string;
  abilityLevel: string | number | null;
  contacts: ElderContact[];
  notes: string[];
}
