catalogIndex("t-y",[["yaml",[["",1,"qI"],["",7,"qI"]]],
["years",[["",7,"C"]]]]);
