catalogIndex("t-j",[["joined",[["",1,"5F"]]],
["journal",[["journal_entry",6,"4C"]]],
["journalentry",[["journal_entry",6,"4C"]]],
["judge",[["",7,"RA"]]],
["judged",[["",1,"gHa"],["",7,"xB"]]],
["judges",[["",1,"1D"],["",7,"4B"]]],
["justification",[["justification",2,"6B"]]]]);
