catalogIndex("t-3",[["3339",[["",1,"1FjBI"]]]]);
