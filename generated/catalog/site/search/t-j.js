catalogIndex("t-j",[["joined",[["",1,"3F"]]],
["journal",[["journal_entry",6,"4C"]]],
["journalentry",[["journal_entry",6,"4C"]]],
["judge",[["",7,"RA"]]],
["judged",[["",1,"-Ga"],["",7,"xB"]]],
["judges",[["",1,"1D"],["",7,"4B"]]],
["justification",[["justification",2,"6B"]]]]);
